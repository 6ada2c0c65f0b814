import type { Plan } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { removes } from '../../../packages/scheduling/src/plan-index.js';
import { node, state } from '../../../packages/scheduling/test/support/build.js';
import { planOf, removalOf } from '../../../packages/scheduling/test/support/plan.js';
import type { ApiClient } from '../../rig/api-client.js';
import { LiveCluster, type LiveNode, type LivePod } from '../live/live-cluster.js';
import { seededRandom } from '../random.js';
import { executePlan } from './execute-plan.js';

const pod = (nodeName?: string): LivePod => ({
  metadata: { name: 'late', namespace: 'default', uid: 'late' },
  spec: nodeName === undefined ? {} : { nodeName },
  status: {},
});

/** An empty node that a plan removes, and a pod that had `before` for a node and is bound to that one as soon as the plan cordons it. */
async function outcomes(before: string | undefined, heedsWaiting: boolean) {
  const [a, b] = [node('a'), node('b')];
  const cluster = state({ nodes: [a, b] });
  const bare = planOf(cluster, [removalOf(a)]);
  const expect = [{ fact: 'node-holds-at-most', node: { uid: a.uid }, pods: [] }] as const;
  const plan: Plan = {
    ...bare,
    groups: bare.groups.map((group) => ({
      ...group,
      // As sealing has it.
      actions: group.actions.map((action) => (removes(action) ? { ...action, expect } : action)),
    })),
  };
  const live = new LiveCluster();
  for (const { uid, name } of [a, b])
    live.nodes.set(uid, { metadata: { name, uid, labels: {} }, spec: {}, status: {} } as LiveNode);
  live.pods.set('late', pod(before));
  const asked: string[] = [];
  const client = {
    patch: async () => void live.pods.set('late', pod('a')),
    send: async () => ({ status: 200 }),
    remove: async (path: string) => void asked.push(path),
  } as unknown as ApiClient;
  const { results } = await executePlan(client, live, plan, seededRandom(1), { heedsWaiting });
  return { outcomes: results.map(({ outcome }) => outcome), removed: asked.filter((path) => path.includes('/nodes/')) };
}

// Seen on a real cluster: a pod that waited came to an empty node in the moment in which a plan cordoned it, and went with it.
describe('a node to which a pod that waited came before the plan did', () => {
  it('stays, where the facts of the plan are asked about such pods', async () => {
    const { outcomes: found, removed } = await outcomes(undefined, true);
    expect(found).toContain('stopped');
    expect(found).not.toContain('failed');
    expect(removed).toEqual([]);
  });

  it('goes where they are not, or the pod had a node when the plan was verified', async () => {
    expect((await outcomes(undefined, false)).removed).toEqual(['/api/v1/nodes/a']);
    expect((await outcomes('b', true)).removed).toEqual(['/api/v1/nodes/a']);
  });
});
