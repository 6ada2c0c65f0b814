import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { apiKinds, listPath } from '../../src/kubectl/kinds.js';

/** How the stand-in for kubectl behaves. */
export interface Scene {
  /** Body by API path; lists are paged by `limit` and `continue`. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly forbidden?: readonly string[];
  /** The path that never answers. */
  readonly hang?: string;
  readonly unreachable?: boolean;
  /** How often a continue token of the path has expired. */
  readonly expires?: Readonly<Record<string, number>>;
  /** Minor version; null is one so old that it knows no `-o json`. */
  readonly version?: string | null;
}

export interface FakeKubectl {
  readonly env: Record<string, string>;
  calls(): string[];
}

/** Puts a stand-in for kubectl on a PATH of its own, for the length of the test. */
export function fakeKubectl(scene: Scene): FakeKubectl {
  const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-kubectl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(fileURLToPath(new URL('fake-kubectl.mjs', import.meta.url)), join(folder, 'kubectl.mjs'));
  writeFileSync(
    join(folder, 'kubectl'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'kubectl.mjs')}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const file = join(folder, 'scene.json');
  writeFileSync(file, JSON.stringify(scene));
  return {
    env: { PATH: `${folder}:/bin:/usr/bin`, FAKE_KUBECTL: file },
    calls: () => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, 'utf8').trim().split('\n') : []),
  };
}

/** Answers of a cluster that serves every kind, each list empty unless it is given by kind. */
export function clusterAnswers(items: Readonly<Record<string, readonly object[]>> = {}): Record<string, unknown> {
  const answers: Record<string, unknown> = { '/version': { major: '1', minor: '33', gitVersion: 'v1.33.4' } };
  const groups = new Map<string, Set<string>>();
  for (const kind of apiKinds) {
    const [version] = kind.versions;
    if (kind.group !== '') groups.set(kind.group, (groups.get(kind.group) ?? new Set()).add(version));
    answers[listPath(kind, version)] = {
      apiVersion: kind.group === '' ? version : `${kind.group}/${version}`,
      kind: `${kind.kind}List`,
      items: items[kind.kind] ?? [],
    };
  }
  answers['/apis'] = {
    kind: 'APIGroupList',
    groups: [...groups].map(([name, versions]) => ({ name, versions: [...versions].map((version) => ({ version })) })),
  };
  return answers;
}
