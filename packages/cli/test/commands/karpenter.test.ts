import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { commandsIn } from '../support/commands-in.js';
import { sampleCluster } from '../support/sample-cluster.js';
import { smallCluster } from '../support/small-cluster.js';

const { cloudoptim, file } = commandsIn('karpenter');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly spec: { readonly requirements: readonly { readonly key: string }[] } };
  };
}

function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

describe('plans that Karpenter carries out', () => {
  const paths = { plan: '' };
  const requirementsIn = (manifest: Manifest) => manifest.spec.template.spec.requirements;
  beforeAll(async () => {
    const argv = ['analyze', '--snapshot', sampleCluster(), '--option', 'emit=nodepools', '--output', 'json'];
    paths.plan = file('plan.json', (await cloudoptim(argv)).out);
  }, 240_000);

  it('are printed as manifests, with what is expected of Karpenter', async () => {
    const { code, out } = await cloudoptim(['explain', '--plan', paths.plan, '--output', 'karpenter']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^# Plan \w{12} by binpack 0\.1\.0: saves \$\d+\.\d{4}\/h where Karpenter acts, between \$0\.0000\/h and /,
    );
    expect(out).toMatch(/# {3}kubectl patch nodepool \w+ --type json --patch '\[\{"op":"test",.*\]'/);
    expect(out).toMatch(/# {3}g\d+: (remove|replace by \S+) ip-\S+ \(\S+, \d+ pods? moved\), saves /);
    const manifests = manifestsOf(out);
    expect(manifests.length).toBeGreaterThan(0);
    for (const manifest of manifests) {
      expect(manifest).toMatchObject({ apiVersion: 'karpenter.sh/v1', kind: 'NodePool' });
      expect(requirementsIn(manifest).map(({ key }) => key)).toContain('node.kubernetes.io/instance-type');
    }
  });

  it('are taken back by manifests that name the same NodePools', async () => {
    const { out } = await cloudoptim(['explain', '--plan', paths.plan, '--output', 'karpenter']);
    const undo = await cloudoptim(['explain', '--plan', paths.plan, '--output', 'karpenter-undo']);
    expect(undo.code).toBe(0);
    const names = (text: string) => manifestsOf(text).map(({ metadata }) => metadata.name);
    expect(names(undo.out)).toEqual(names(out));
    for (const manifest of manifestsOf(undo.out))
      expect(requirementsIn(manifest).map(({ key }) => key)).not.toContain('node.kubernetes.io/instance-type');
  });

  it('say so where Karpenter needs no change', async () => {
    const snapshot = file('small.json', smallCluster());
    const { code, out } = await cloudoptim(['analyze', '--snapshot', snapshot, '--output', 'karpenter']);
    expect(code).toBe(3);
    expect(out).toContain('# Karpenter is expected to do this without any change.');
    expect(out).toContain('# Verdict: conditional.');
    expect(manifestsOf(out)).toEqual([]);
  });

  it('are asked for by an option of the engine', async () => {
    const snapshot = file('plain.json', smallCluster());
    const { out } = await cloudoptim(['analyze', '--snapshot', snapshot, '--output', 'json']);
    const printed = await cloudoptim(['explain', '--plan', file('acts.json', out), '--output', 'karpenter']);
    expect(printed).toMatchObject({ code: 2, err: expect.stringContaining('--option emit=nodepools') });
    const unknown = await cloudoptim(['analyze', '--snapshot', snapshot, '--option', 'emit=elsewhere']);
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('emit') });
    expect(await cloudoptim(['analyze', '--snapshot', snapshot, '--option', 'emit'])).toMatchObject({ code: 2 });
  });
});
