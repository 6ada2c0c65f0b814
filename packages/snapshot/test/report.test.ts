import { describe, expect, it } from 'vitest';
import { convert } from './support/convert.js';
import { container, node, pod } from './support/objects.js';

describe('the report', () => {
  it('names a malformed object by kind, namespace, name and field, and keeps the others', async () => {
    const { state, report } = await convert([
      pod('good'),
      pod('bad', { spec: { containers: [container('app', '1'), container('other', '1', 'lots')] } }),
      { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop' }, spec: {} },
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { allocatable: { cpu: '1' } } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd', namespace: 'shop' },
        spec: { replicas: 'three' },
      },
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: 'x' },
    ]);
    expect(state.pods.name).toEqual(['good']);
    expect(report.malformed).toBe(5);
    expect(report.findings.map(({ kind, namespace, name, field }) => [kind, namespace, name, field])).toEqual([
      ['Pod', 'shop', 'bad', 'spec.containers[1].resources.requests["memory"]'],
      ['Pod', 'shop', undefined, 'metadata.name'],
      ['Node', undefined, 'n', 'status.allocatable.memory'],
      ['Deployment', 'shop', 'd', 'spec.replicas'],
      ['PodDisruptionBudget', undefined, undefined, 'metadata'],
    ]);
    expect(report.findings[0]?.message).toContain('"lots" is not a Kubernetes quantity');
    expect(report.findings[3]?.message).toBe(
      'Deployment shop/d: spec.replicas: it is "three"; it must be a whole number. The object is left out.',
    );
  });

  it('counts what it ignores', async () => {
    const { report } = await convert([
      { kind: 'Secret', metadata: { name: 's' } },
      { kind: '__proto__' },
      { a: 1 },
      null,
      5,
      pod('a'),
    ]);
    expect(report.ignored).toEqual([
      { kind: 'Secret', count: 1 },
      { kind: '__proto__', count: 1 },
    ]);
    expect(report.withoutKind).toBe(3);
    expect(report.read).toEqual([{ kind: 'Pod', count: 1 }]);
  });

  it('says that an object came twice, and keeps the newer version in either order', async () => {
    const version = (resourceVersion: string, cpu: string) =>
      pod('a', { metadata: { resourceVersion }, spec: { containers: [container('c', cpu)] } });
    for (const objects of [
      [version('9', '1'), version('10', '2')],
      [version('10', '2'), version('9', '1')],
    ]) {
      const { state, report } = await convert(objects);
      expect(state.podTemplates.map((one) => one.needs.cpuMillicores)).toEqual([2000]);
      expect(report.duplicates).toBe(1);
      expect(report.findings).toMatchObject([
        { level: 'warning', code: 'duplicate-object', kind: 'Pod', namespace: 'shop', name: 'a' },
      ]);
    }
  });

  it('says that two clusters came', async () => {
    const system = (uid: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } });
    const other = node('n');
    other.metadata = { ...other.metadata, uid: 'another' };
    for (const objects of [
      [system('a'), system('b')],
      [node('n'), other],
    ])
      expect((await convert(objects)).report.findings[0]).toMatchObject({ level: 'error', code: 'two-clusters' });
  });

  it('stays small however much is wrong', async () => {
    const { report } = await convert(Array.from({ length: 1000 }, (_, index) => ({ ...pod(`p${index}`), spec: 'x' })));
    expect(report.findings).toHaveLength(200);
    expect(report.findingsOmitted).toBe(800);
  });

  it('treats names of the language as data', async () => {
    const labels = JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}');
    const { state } = await convert([
      pod('__proto__', { labels }),
      node('constructor', { labels }),
      pod('b', {
        namespace: '__proto__',
        spec: {
          nodeName: 'constructor',
          containers: [{ name: 'c', resources: JSON.parse('{"requests":{"__proto__":"1"}}') }],
        },
      }),
    ]);
    expect(state.podTemplates.map((one) => Object.keys(one.labels).length)).toEqual([0, 3]);
    expect(Object.keys(state.nodes[0]?.labels ?? {})).toContain('__proto__');
    expect(Object.entries(state.podTemplates[0]?.needs.extended ?? {})).toEqual([['__proto__', 1]]);
    expect(state.pods.node).toEqual([0, -1]);
  });
});
