import type { Node, PodTemplate } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { schedulerChoices } from '../src/scoring/scheduler-choices.js';
import { WorkingPlacement } from '../src/working-placement.js';
import { deployment, gibibyte, node, state, template } from './support/build.js';

/** Names of the nodes that score highest for a pod of the first template and workload. */
function choices(of: ReturnType<typeof state>, strategy: 'LeastAllocated' | 'MostAllocated' = 'LeastAllocated') {
  const nodes = [...of.nodes.keys()];
  const found = schedulerChoices(new WorkingPlacement(of), { template: 0, workload: 0 }, nodes, strategy);
  return found.map((at) => of.nodes[at]?.name);
}

const web = template({ labels: { app: 'web' }, cpu: 500, memory: gibibyte });
const other = template({ labels: { app: 'other' }, cpu: 2_000, memory: 8 * gibibyte });
const workloads = [deployment('web', 0), deployment('other', 1)];

const roomyOrApart = state({
  nodes: [node('roomy', { cpu: 16, memory: 64 }), node('small')],
  podTemplates: [web, template({ labels: { app: 'other' } })],
  workloads,
  pods: [
    { template: 0, workload: 0, node: 0 },
    { template: 1, workload: 1, node: 1 },
  ],
});

describe('the nodes that kube-scheduler scores highest', () => {
  it('are those with most room, or with least', () => {
    const of = state({
      nodes: [node('used'), node('free')],
      podTemplates: [web, other],
      workloads,
      pods: [{ template: 1, workload: 1, node: 0 }],
    });
    expect(choices(of)).toEqual(['free']);
    expect(choices(of, 'MostAllocated')).toEqual(['used']);
  });

  // Found on a real cluster: a pod without requests was on a new node, the next one went elsewhere, and none of 2,000 replays showed it.
  it('are not those where pods ask for nothing: each of their containers counts as if it asked for a little', () => {
    const idle = template({ cpu: 0, memory: 0, labels: { app: 'idle' } });
    const beside = (pod: PodTemplate, nodes: readonly Node[], strategy?: 'MostAllocated') =>
      choices(
        state({
          nodes,
          podTemplates: [pod, idle],
          workloads,
          pods: [{ template: 1, workload: 1, node: 0 }],
        }),
        strategy,
      );
    expect(beside(web, [node('a'), node('b')])).toEqual(['b']);
    expect(beside(web, [node('a'), node('b')], 'MostAllocated')).toEqual(['a']);
    // More than there is counts as all.
    const full = ['a', 'b'].map((name) => node(name, { memory: 1.1 }));
    expect(beside(web, full, 'MostAllocated')).toEqual(['a']);
    // So does the pod itself.
    expect(beside(idle, [node('a'), node('small', { cpu: 1, memory: 1 }), node('large')])).toEqual(['large']);
  });

  // Found on a real cluster: by room alone the verifier put pods on the emptiest node, where two of their kind were already.
  it('are those without pods of the same kind, although another has more room: the default spread counts twice', () => {
    expect(choices(roomyOrApart)).toEqual(['small']);
  });

  it('do not depend on the default spread where the profile has none', () => {
    const [profile] = roomyOrApart.scheduler.profiles;
    if (profile === undefined) throw new Error('The state has a profile.');
    const profiles = [{ ...profile, defaultConstraints: [] }];
    expect(choices({ ...roomyOrApart, scheduler: { ...roomyOrApart.scheduler, profiles } })).toEqual(['roomy']);
  });

  it('follow preferred affinity, its own and that of pods that are there', () => {
    const near = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'other' } } };
    const drawn = { ...web, podAffinity: { preferred: [{ weight: 100, term: near }] } };
    const pods = [{ template: 1, workload: 1, node: 0 }];
    const nodes = [node('peer'), node('free')];
    expect(choices(state({ nodes, workloads, pods, podTemplates: [drawn, other] }))).toEqual(['peer']);
    const far = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
    const shunning = {
      ...template({ labels: { app: 'other' } }),
      podAntiAffinity: { preferred: [{ weight: 1, term: far }] },
    };
    const full = [{ template: 1, workload: 1, node: 1 }];
    const uneven = [node('free', { cpu: 3, memory: 12 }), node('shunned', { cpu: 16, memory: 64 })];
    expect(choices(state({ nodes: uneven, workloads, pods: full, podTemplates: [web, shunning] }))).toEqual(['free']);
  });

  it('follow it by the labels that pods have of their own as well, each with those of its template', () => {
    const term = {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: { app: 'other', role: 'leader' } },
    };
    const drawn = { ...web, podAffinity: { preferred: [{ weight: 100, term }] } };
    // One object for both: what it makes of one template says nothing of the other.
    const labels = { role: 'leader' };
    const pods = [2, 1, 1].map((at, to) => ({
      template: at,
      workload: 1,
      node: to,
      ...(to < 2 && { extra: { labels } }),
    }));
    const of = state({
      nodes: [node('third'), node('leader'), node('follower')],
      workloads,
      pods,
      podTemplates: [drawn, other, { ...other, labels: { app: 'third' } }],
    });
    const placement = new WorkingPlacement(of);
    const ask = () => schedulerChoices(placement, { template: 0, workload: 0 }, [0, 1, 2], 'LeastAllocated');
    expect([ask(), ask()]).toEqual([[1], [1]]);
  });

  it('are without taints that prefer no pods, and match preferred node affinity', () => {
    const tainted = node('tainted', { cpu: 16, memory: 64, taints: [{ key: 'x', effect: 'PreferNoSchedule' }] });
    const nodes = [tainted, node('plain')];
    expect(choices(state({ nodes, workloads, podTemplates: [web, other] }))).toEqual(['plain']);
    const preference = { matchExpressions: [{ key: 'disk', operator: 'In' as const, values: ['fast'] }] };
    const choosy = { ...web, nodeAffinity: { preferred: [{ weight: 10, preference }] } };
    const labelled = [node('big', { cpu: 16, memory: 64 }), node('fast', { labels: { disk: 'fast' } })];
    expect(choices(state({ nodes: labelled, workloads, podTemplates: [choosy, other] }))).toEqual(['fast']);
  });

  it('are all of those that score alike', () => {
    expect(choices(state({ nodes: [node('a'), node('b')], workloads, podTemplates: [web, other] }))).toEqual([
      'a',
      'b',
    ]);
  });
});
