import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromKubernetes, readDump, redact, writeDump } from '../src/index.js';
import { coverageIn } from './support/coverage.js';
import { container, deployment, node, pod } from './support/objects.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudoptim-write-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('redaction', () => {
  it('removes values and keeps names, shapes and figures, and says how much', () => {
    const { object, removed } = redact(
      pod('a', {
        labels: { data: 'kept', args: 'kept' },
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          'example.com/x': 'y',
          'karpenter.sh/do-not-disrupt': 'true',
        },
        metadata: { managedFields: [{}, {}] },
        spec: {
          nodeSelector: { env: 'kept' },
          containers: [
            container('app', '1', '1Gi', {
              env: [
                { name: 'A', value: 'secret' },
                { name: 'B', valueFrom: { fieldRef: { fieldPath: 'x' } } },
              ],
              args: ['--password', 'secret'],
              command: ['run'],
              lifecycle: { preStop: { exec: { command: ['x'] } } },
              readinessProbe: { periodSeconds: 5, exec: { command: ['x'] } },
            }),
          ],
        },
      }),
    );
    expect(removed).toEqual({
      secrets: 0,
      configMapEntries: 0,
      envValues: 1,
      args: 2,
      commands: 1,
      hooks: 2,
      lastApplied: 1,
      annotations: 1,
      managedFields: 1,
      unknownKinds: 0,
      withoutKind: 0,
    });
    expect(object).toMatchObject({
      metadata: { labels: { data: 'kept', args: 'kept' }, annotations: { 'karpenter.sh/do-not-disrupt': 'true' } },
      spec: {
        nodeSelector: { env: 'kept' },
        containers: [
          {
            name: 'app',
            image: 'example/app',
            env: [{ name: 'A' }, { name: 'B' }],
            readinessProbe: { periodSeconds: 5 },
          },
        ],
      },
    });
    expect(JSON.stringify(object)).not.toMatch(/secret|password|last-applied|exec/);
  });

  it('leaves nothing of a Secret and only the name of what it does not know', () => {
    expect(redact({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'b' } })).toMatchObject({
      object: undefined,
      removed: { secrets: 1 },
    });
    expect(
      redact({ apiVersion: 'x.io/v1', kind: 'Vault', metadata: { name: 'v' }, spec: { replicas: 2, token: 't' } })
        .object,
    ).toEqual({
      apiVersion: 'x.io/v1',
      kind: 'Vault',
      metadata: { name: 'v' },
      spec: { replicas: 2 },
    });
    expect(redact({ some: 'document' })).toMatchObject({ object: undefined, removed: { withoutKind: 1 } });
    expect(redact({ clientVersion: {}, serverVersion: { gitVersion: 'v1.33.4-eks', note: 'x' } }).object).toEqual({
      serverVersion: { gitVersion: 'v1.33.0' },
    });
  });

  it('reaches into pod templates', () => {
    const { object } = redact(
      deployment('web', {
        spec: {
          template: {
            metadata: { annotations: { note: 'secret' } },
            spec: { containers: [container('a', '1', '1', { args: ['secret'] })] },
          },
        },
      }),
    );
    expect(JSON.stringify(object)).not.toContain('secret');
  });
});

describe('a dump that is written', () => {
  it('keeps what lists and header tell: empty lists, pages, namespaces, time, version, region', async () => {
    const path = join(folder, 'lists.json.gz');
    const typed = (kind: string, items: readonly unknown[], metadata: object = {}) => ({
      apiVersion: 'v1',
      kind,
      metadata,
      items,
    });
    const input = [
      typed('NodeList', [node('n')], { resourceVersion: '5' }),
      typed('SecretList', [{ metadata: { name: 's' }, data: { a: 'b' } }]),
      typed('PersistentVolumeList', []),
      typed('PodList', [pod('a')], { continue: 'more' }),
      typed('PodList', [pod('b', { namespace: 'other' })]),
      { kind: 'List', apiVersion: 'v1', items: [typed('PriorityClassList', [])] },
    ];
    const header = {
      takenAtMs: 1_700_000_000_000,
      region: 'eu-west-3',
      serverVersion: '1.33',
      coverage: [{ kind: 'LimitRange', state: 'forbidden' as const }],
    };
    const { objects, removed } = await writeDump(input, path, { header });
    expect([objects, removed.secrets]).toEqual([3, 1]);
    const { state, report } = await fromKubernetes(readDump(path));
    expect(report.takenAt).toBe('dump');
    expect([state.takenAtMs, state.kubernetesVersion, state.nodes[0]?.region]).toEqual([
      header.takenAtMs,
      '1.33',
      'eu-west-3',
    ]);
    const kinds = ['Node', 'PersistentVolume', 'Pod', 'PriorityClass', 'LimitRange', 'Service'];
    expect(Object.fromEntries(kinds.map((kind) => [kind, coverageIn(state, kind)['*']]))).toEqual({
      Node: 'listed',
      PersistentVolume: 'listed',
      Pod: 'listed',
      PriorityClass: 'listed',
      LimitRange: 'forbidden',
      Service: 'absent',
    });
  });

  it('appears whole or not at all, readable by its owner alone', async () => {
    const path = join(folder, 'whole.json');
    writeFileSync(path, 'before', { mode: 0o644 });
    async function* failing() {
      yield pod('a');
      throw new Error('the connection broke');
    }
    await expect(writeDump(failing(), path)).rejects.toThrow('the connection broke');
    expect(readFileSync(path, 'utf8')).toBe('before');
    await expect(writeDump(failing(), `${path}.gz`)).rejects.toThrow('the connection broke');
    expect(existsSync(`${path}.gz`)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await writeDump([pod('a')], path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain('"Pod"');
  });

  it('does not turn a list that was cut off into a whole one', async () => {
    const path = join(folder, 'cut.json');
    async function* cut() {
      for await (const step of readDump(await source())) if (!step.endsList) yield step;
    }
    const source = async () => {
      const whole = join(folder, 'whole-list.json');
      await writeDump([{ apiVersion: 'v1', kind: 'List', items: [node('n')] }], whole);
      return whole;
    };
    await writeDump(cut(), path);
    expect(coverageIn((await fromKubernetes(readDump(path))).state, 'Node')).toEqual({ '*': 'partial' });
  });

  it('cannot be written where there is no folder', async () => {
    await expect(writeDump([], join(folder, 'no', 'where.json'))).rejects.toThrow(
      /where\.json: the dump cannot be written here/,
    );
  });
});
