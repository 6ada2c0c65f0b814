import type { PodTemplate, TopologySpreadConstraint } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { createPlacement, fits } from '../../src/index.js';
import { ask } from '../support/ask.js';
import { node, type StateOptions, state, template } from '../support/build.js';

const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';
const web = { matchLabels: { app: 'web' } };

function spread(change: Partial<TopologySpreadConstraint> = {}, more: Partial<PodTemplate> = {}): PodTemplate {
  const constraint = {
    maxSkew: 1,
    topologyKey: hostname,
    whenUnsatisfiable: 'DoNotSchedule' as const,
    labelSelector: web,
  };
  return template({ labels: { app: 'web' }, cpu: 100, topologySpread: [{ ...constraint, ...change }], ...more });
}

function asked(templates: PodTemplate | readonly PodTemplate[], parts: StateOptions): Record<string, string> {
  const list = 'namespace' in templates ? [templates] : templates;
  return ask(state({ podTemplates: list, ...parts }), { template: list.length - 1, workload: -1 });
}

const skewed = "node(s) didn't match pod topology spread constraints";

describe('PodTopologySpread', () => {
  it('leaves a pod pending beside four good nodes while an empty cordoned node stays a domain', () => {
    const nodes = [...['a', 'b', 'c', 'd'].map((name) => node(name)), node('empty', { unschedulable: true })];
    const pods = [0, 1, 2, 3].map((at) => ({ template: 0, node: at }));
    expect(asked(spread(), { nodes, pods })).toEqual({
      a: skewed,
      b: skewed,
      c: skewed,
      d: skewed,
      empty: 'node(s) were unschedulable',
    });
  });
  it('leaves the cordoned node out under Honor once the taint is there, not for the cordon alone', () => {
    const pods = [{ template: 0, node: 0 }];
    const pod = spread({ nodeTaintsPolicy: 'Honor' });
    const nodes = (taints: readonly { key: string; effect: 'NoSchedule' }[]) => [
      node('a'),
      node('empty', { unschedulable: true, taints }),
    ];
    expect(asked(pod, { nodes: nodes([]), pods }).a).toBe(skewed);
    expect(
      asked(pod, { nodes: nodes([{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]), pods }).a,
    ).toBe('fits');
  });
  it('puts that taint on with the cordon, as the node lifecycle controller does', () => {
    const built = state({
      nodes: [node('a'), node('empty')],
      podTemplates: [spread({ nodeTaintsPolicy: 'Honor' })],
      pods: [{ template: 0, node: 0 }],
    });
    const placement = createPlacement(built);
    expect(fits({ template: 0, workload: -1 }, 0, placement).answer).toBe('infeasible');
    placement.cordon(1);
    expect(fits({ template: 0, workload: -1 }, 0, placement).answer).toBe('feasible');
    placement.uncordon(1);
    expect(fits({ template: 0, workload: -1 }, 0, placement).answer).toBe('infeasible');
  });
  it('takes the fewest as zero with fewer domains than minDomains', () => {
    const nodes = [node('a'), node('b', { zone: 'us-east-1b' })];
    const pods = [0, 1].map((at) => ({ template: 0, node: at }));
    expect(asked(spread({ topologyKey: zone }), { nodes, pods }).a).toBe('fits');
    expect(asked(spread({ topologyKey: zone, minDomains: 3 }), { nodes, pods }).a).toBe(skewed);
  });
  it('counts only nodes that have the keys of all constraints', () => {
    const constraint = { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' as const, labelSelector: web };
    const pod = template({
      labels: { app: 'web' },
      topologySpread: [
        { ...constraint, topologyKey: hostname },
        { ...constraint, topologyKey: 'rack' },
      ],
    });
    const nodes = [node('racked', { labels: { rack: 'r1' } }), node('empty')];
    expect(asked(pod, { nodes, pods: [{ template: 0, node: 0 }] })).toEqual({
      racked: 'fits',
      empty: `${skewed} (missing required label)`,
    });
  });
  it('counts a node outside the pod’s own node affinity only under Ignore', () => {
    const nodes = [node('a', { labels: { disk: 'ssd' } }), node('empty')];
    const pods = [{ template: 0, node: 0 }];
    const nodeSelector = { disk: 'ssd' };
    expect(asked(spread({}, { nodeSelector }), { nodes, pods }).a).toBe('fits');
    expect(asked(spread({ nodeAffinityPolicy: 'Ignore' }, { nodeSelector }), { nodes, pods }).a).toBe(skewed);
  });
  it('adds one only for a pod that its own selector selects', () => {
    const nodes = [node('a'), node('b')];
    const pods = [{ template: 0, node: 0 }];
    const stranger = spread({}, { labels: { app: 'other' } });
    expect(asked([spread(), stranger], { nodes, pods }).a).toBe('fits');
    expect(asked([spread(), spread()], { nodes, pods }).a).toBe(skewed);
  });
  it('counts pods of its own namespace that are not terminating', () => {
    const nodes = [node('a'), node('b')];
    expect(asked(spread(), { nodes, pods: [{ template: 0, node: 0, extra: { deletionAtMs: 1 } }] }).a).toBe('fits');
    const elsewhere = spread({}, { namespace: 'other' });
    expect(asked([elsewhere, spread()], { nodes, pods: [{ template: 0, node: 0 }] }).a).toBe('fits');
  });
  it('counts no bound pod for the empty selector, although the pod itself adds one', () => {
    const nodes = [node('a'), node('b')];
    const pods = [0, 0, 0].map((at) => ({ template: 0, node: at }));
    expect(asked(spread({ labelSelector: {} }), { nodes, pods }).a).toBe('fits');
    // The fewest is zero, so a skew of one is all that there can be; with a key merged in, the selector is empty no more.
    const keyed = spread({ labelSelector: {}, matchLabelKeys: ['app'] });
    expect(asked(keyed, { nodes, pods }).a).toBe(skewed);
  });
  it('counts one revision apart from another under matchLabelKeys', () => {
    const nodes = [node('a'), node('b')];
    const revision = (hash: string) =>
      spread({ matchLabelKeys: ['pod-template-hash'] }, { labels: { app: 'web', 'pod-template-hash': hash } });
    expect(asked([revision('1'), revision('2')], { nodes, pods: [{ template: 0, node: 0 }] }).a).toBe('fits');
    expect(asked([revision('1'), revision('1')], { nodes, pods: [{ template: 0, node: 0 }] }).a).toBe(skewed);
  });
  it('never filters for ScheduleAnyway, the system defaults among them', () => {
    const nodes = [node('a'), node('b')];
    const pods = [0, 0, 0].map((at) => ({ template: 0, node: at }));
    expect(asked(spread({ whenUnsatisfiable: 'ScheduleAnyway' }), { nodes, pods }).a).toBe('fits');
  });
  it('filters by configured defaults for pods of a service without constraints of their own', () => {
    const nodes = [node('a'), node('b')];
    const pods = [{ template: 0, node: 0 }];
    const constraint = { maxSkew: 1, topologyKey: hostname, whenUnsatisfiable: 'DoNotSchedule' as const };
    const profile = { schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated' as const };
    const scheduler = { assumed: false, profiles: [{ ...profile, defaultConstraints: [constraint] }] };
    const pod = template({ labels: { app: 'web' } });
    const services = [{ namespace: 'default', name: 'web', selector: { app: 'web' } }];
    expect(asked(pod, { nodes, pods, scheduler, services }).a).toBe(skewed);
    expect(asked(pod, { nodes, pods, scheduler }).a).toBe('fits');
  });
});

describe('InterPodAffinity', () => {
  const term = { topologyKey: zone, labelSelector: web };
  const near = template({ labels: { app: 'cache' }, podAffinity: { required: [term] } });
  const plainWeb = template({ labels: { app: 'web' } });
  const nodes = [node('a'), node('b', { zone: 'us-east-1b' })];
  const noAffinity = "node(s) didn't match pod affinity rules";

  it('asks for a matching pod in the domain', () => {
    expect(asked([plainWeb, near], { nodes, pods: [{ template: 0, node: 0 }] })).toEqual({ a: 'fits', b: noAffinity });
    expect(asked([plainWeb, near], { nodes })).toEqual({ a: noAffinity, b: noAffinity });
  });
  it('lets the first pod of a group in anywhere that has the key, and only the first', () => {
    const self = template({ labels: { app: 'web' }, podAffinity: { required: [term] } });
    expect(asked(self, { nodes })).toEqual({ a: 'fits', b: 'fits' });
    expect(asked(self, { nodes, pods: [{ template: 0, node: 1 }] })).toEqual({ a: noAffinity, b: 'fits' });
    const rack = template({ labels: { app: 'web' }, podAffinity: { required: [{ ...term, topologyKey: 'rack' }] } });
    expect(asked(rack, { nodes })).toEqual({ a: noAffinity, b: noAffinity });
  });
  it('asks one pod to match all terms, not each term another pod', () => {
    const both = template({
      podAffinity: { required: [term, { topologyKey: zone, labelSelector: { matchLabels: { tier: 'front' } } }] },
    });
    const front = template({ labels: { tier: 'front' } });
    const pods = [0, 1].map((at) => ({ template: at, node: 0 }));
    expect(asked([plainWeb, front, both], { nodes, pods }).a).toBe(noAffinity);
  });
  it('keeps away from pods that its anti-affinity selects, terminating ones too', () => {
    const away = template({ podAntiAffinity: { required: [term] } });
    const refused = "node(s) didn't match pod anti-affinity rules";
    const pods = [{ template: 0, node: 0, extra: { deletionAtMs: 1 } }];
    expect(asked([plainWeb, away], { nodes, pods })).toEqual({ a: refused, b: 'fits' });
  });
  it('is kept away by the anti-affinity of pods that are there', () => {
    const away = template({ podAntiAffinity: { required: [term] } });
    const refused = "node(s) didn't satisfy existing pods anti-affinity rules";
    expect(asked([away, plainWeb], { nodes, pods: [{ template: 0, node: 0 }] })).toEqual({ a: refused, b: 'fits' });
  });
  it('unites listed namespaces with selected ones, and means its own without either', () => {
    const other = template({ namespace: 'other', labels: { app: 'web' } });
    const pods = [{ template: 0, node: 0 }];
    const namespaces = [
      { name: 'default', labels: {} },
      { name: 'other', labels: { team: 'two' } },
    ];
    const asking = (change: object) => template({ podAffinity: { required: [{ ...term, ...change }] } });
    const parts = { nodes, pods, namespaces };
    expect(asked([other, asking({})], parts).a).toBe(noAffinity);
    expect(asked([other, asking({ namespaces: ['other'] })], parts).a).toBe('fits');
    expect(asked([other, asking({ namespaceSelector: { matchLabels: { team: 'two' } } })], parts).a).toBe('fits');
    expect(asked([other, asking({ namespaceSelector: {} })], parts).a).toBe('fits');
  });
  it('takes every namespace since 1.34 when its namespace selector takes one without labels', () => {
    const notLab = { matchExpressions: [{ key: 'env', operator: 'NotIn' as const, values: ['lab'] }] };
    const away = template({
      namespace: 'shop',
      labels: { app: 'cache' },
      podAntiAffinity: { required: [{ ...term, namespaceSelector: notLab }] },
    });
    const inLab = template({ namespace: 'lab', labels: { app: 'web' } });
    const namespaces = [{ name: 'shop' }, { name: 'lab', labels: { env: 'lab' } }];
    const on = (kubernetesVersion: string) =>
      asked([inLab, away], { nodes, pods: [{ template: 0, node: 0 }], namespaces, kubernetesVersion }).a;
    expect(on('1.33')).toBe('fits');
    expect(on('1.34')).toBe("node(s) didn't match pod anti-affinity rules");
  });
  it('cannot be told when it asks for labels of namespaces that nobody listed', () => {
    const pod = template({
      podAffinity: { required: [{ ...term, namespaceSelector: { matchLabels: { team: 'two' } } }] },
    });
    expect(asked(pod, { nodes, coverage: [] }).a).toBe('unsupported');
  });
  it('keeps revisions apart under mismatchLabelKeys', () => {
    const required = [{ topologyKey: hostname, labelSelector: {}, mismatchLabelKeys: ['app'] }];
    const alone = template({ labels: { app: 'web' }, podAntiAffinity: { required } });
    const built = { nodes: [node('a')] };
    expect(asked([plainWeb, alone], { ...built, pods: [{ template: 0, node: 0 }] }).a).toBe('fits');
    expect(asked([template({ labels: { app: 'db' } }), alone], { ...built, pods: [{ template: 0, node: 0 }] }).a).toBe(
      "node(s) didn't match pod anti-affinity rules",
    );
  });
});
