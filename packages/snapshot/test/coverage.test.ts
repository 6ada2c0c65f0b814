import { describe, expect, it } from 'vitest';
import { convert } from './support/convert.js';
import { coverageIn } from './support/coverage.js';
import { node, pod } from './support/objects.js';

const list = (kind: string, items: readonly unknown[], metadata: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata,
  items,
});
const coverage = async (objects: readonly unknown[], kind: string, options: Parameters<typeof convert>[1] = {}) =>
  coverageIn((await convert(objects, options)).state, kind);
const here = (name: string) => pod(name, { namespace: 'here' });
const there = (name: string) => pod(name, { namespace: 'there' });

describe('how much of a kind was seen', () => {
  it('is nothing when nobody listed it, and something when single objects came', async () => {
    expect(await coverage([], 'Pod')).toEqual({ '*': 'absent' });
    expect(await coverage([here('a'), there('b')], 'Pod')).toEqual({ '*': 'partial' });
  });

  it('is all of a cluster-scoped kind when its list came, even an empty one', async () => {
    expect(await coverage([list('NodeList', [node('n')])], 'Node')).toEqual({ '*': 'listed' });
    expect(await coverage([list('PersistentVolumeList', [])], 'PersistentVolume')).toEqual({ '*': 'listed' });
  });

  it('of a namespaced kind is all when a list spans namespaces, else only the namespace seen', async () => {
    expect(await coverage([list('PodList', [here('a'), there('b')])], 'Pod')).toEqual({ '*': 'listed' });
    expect(await coverage([list('PodList', [here('a')])], 'Pod')).toEqual({ '*': 'partial', here: 'listed' });
    // Of which namespace this is the empty list, nothing tells.
    expect(await coverage([list('PodList', [])], 'Pod')).toEqual({ '*': 'partial' });
  });

  it('follows a plain List: all its kinds were asked for in one scope', async () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b', namespace: 'here' },
      spec: {},
    };
    const wide = [list('List', [node('n'), here('a'), there('b'), budget])];
    expect(await coverage(wide, 'PodDisruptionBudget')).toEqual({ '*': 'listed' });
    expect(await coverage(wide, 'PersistentVolumeClaim')).toEqual({ '*': 'absent' });
    const narrow = [list('List', [node('n'), here('a'), budget])];
    expect(await coverage(narrow, 'PodDisruptionBudget')).toEqual({ '*': 'partial', here: 'listed' });
    expect(await coverage(narrow, 'Node')).toEqual({ '*': 'listed' });
  });

  it('waits for the last page', async () => {
    const pages = [
      list('PodList', [here('a')], { continue: 'x' }),
      list('PodList', [there('b')], { resourceVersion: '9' }),
    ];
    expect(await coverage(pages.slice(0, 1), 'Pod')).toEqual({ '*': 'partial' });
    expect(await coverage(pages, 'Pod')).toEqual({ '*': 'listed' });
    const { state } = await convert(pages);
    expect(state.coverage.find(({ kind }) => kind === 'Pod')?.resourceVersion).toBe('9');
  });

  it('is what the caller says, by any name of the kind', async () => {
    expect(await coverage([], 'PodDisruptionBudget', { listed: ['pdb'] })).toEqual({ '*': 'listed' });
    expect(
      await coverage([list('NodeList', [])], 'Node', { coverage: [{ kind: 'Node', state: 'forbidden' }] }),
    ).toEqual({ '*': 'forbidden' });
    await expect(convert([], { listed: ['pdbs'] })).rejects.toThrow(/"pdbs" is no kind/);
  });

  it('is never all once an object was lost, whoever says so', async () => {
    const broken = { ...here('broken'), spec: { containers: [{ name: 'c', resources: { requests: { cpu: 'x' } } }] } };
    expect(await coverage([list('PodList', [broken, there('b')])], 'Pod')).toEqual({ '*': 'partial', here: 'partial' });
    expect(await coverage([broken], 'Pod', { listed: ['Pod'] })).toMatchObject({ '*': 'partial' });
    expect(await coverage([broken], 'Pod', { coverage: [{ kind: 'Pod', state: 'listed' }] })).toMatchObject({
      '*': 'partial',
    });
  });

  it('is told by namespace in what kubectl cluster-info dump prints, also for kinds that the namespace has none of', async () => {
    const block = (pods: readonly unknown[]) =>
      ['Event', 'ReplicationController', 'Service', 'DaemonSet', 'Deployment', 'ReplicaSet']
        .map((kind) => list(`${kind}List`, []))
        .concat(list('PodList', pods));
    const dump = [list('NodeList', [node('n')]), ...block([here('a')]), ...block([])];
    expect(await coverage(dump, 'Pod')).toEqual({ '*': 'partial', here: 'listed' });
    expect(await coverage(dump, 'Deployment')).toEqual({ '*': 'partial', here: 'listed' });
    expect(await coverage(dump, 'PodDisruptionBudget')).toEqual({ '*': 'absent' });
  });
});
