import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AnalysisDocument } from '../../src/document/analysis-document.js';
import { commandsIn } from '../support/commands-in.js';
import { smallCluster } from '../support/small-cluster.js';
import { clusterAnswers, fakeKubectl } from '../support/with-fake-kubectl.js';

const { folder, cloudoptim, file } = commandsIn('snapshot');

describe('snapshot', () => {
  const secretive = smallCluster({ env: { name: 'PASSWORD', value: 'hunter2' } });

  it('writes a dump without secrets that only its owner may read, and says what was removed', async () => {
    const from = file('raw.json', secretive);
    const { code, err, out } = await cloudoptim(['snapshot', '--snapshot', from, '--out', 'clean.json.gz']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/Wrote \d+ objects to clean\.json\.gz\./);
    // Two pods, the Deployment and the ReplicaSet that repeat their template.
    expect(err).toMatch(/env values +4/);
    const path = join(folder, 'clean.json.gz');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(gunzipSync(readFileSync(path)).toString()).not.toContain('hunter2');
  });

  it('writes to the standard output', async () => {
    const { code, out } = await cloudoptim(['snapshot', '--snapshot', file('raw.json', secretive), '--out', '-']);
    expect(code).toBe(0);
    expect(out).toContain('"kind":"Node"');
    expect(out).not.toContain('hunter2');
  });

  it('keeps everything with --no-redact, and warns', async () => {
    const { err, out } = await cloudoptim([
      'snapshot',
      '--snapshot',
      file('raw.json', secretive),
      '--out',
      '-',
      '--no-redact',
    ]);
    expect(out).toContain('hunter2');
    expect(err).toContain('Nothing was removed');
  });

  it('keeps what the live cluster did not let it see, so that a later analysis says so', async () => {
    const { items } = secretive;
    const fake = fakeKubectl({
      answers: clusterAnswers({ Node: items.filter(({ kind }) => kind === 'Node') }),
      forbidden: ['/apis/policy/v1/poddisruptionbudgets'],
    });
    mkdirSync(join(folder, 'live'), { recursive: true });
    expect((await cloudoptim(['snapshot', '--out', 'live/dump.json'], { env: fake.env })).code).toBe(0);
    const { out } = await cloudoptim(['analyze', '--snapshot', 'live/dump.json', '--output', 'json']);
    const { snapshot } = JSON.parse(out) as AnalysisDocument;
    expect(snapshot.takenAtMs).toBe(Date.parse('2026-10-05T10:00:00Z'));
    const stateOf = (kind: string) =>
      snapshot.coverage.find((entry) => entry.kind === kind && entry.namespace === undefined)?.state;
    expect([stateOf('PodDisruptionBudget'), stateOf('NodePool'), stateOf('PersistentVolumeClaim')]).toEqual([
      'forbidden',
      'listed',
      'listed',
    ]);
  });

  it('says that it cannot write there', async () => {
    const { code, err } = await cloudoptim([
      'snapshot',
      '--snapshot',
      file('raw.json', secretive),
      '--out',
      'no/such/folder/x.json',
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(/the folder exists/);
  });
});
