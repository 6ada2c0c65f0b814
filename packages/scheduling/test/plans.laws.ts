import type { ClusterState, Plan } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { applyPlan, createPlacement } from '../src/index.js';
import { atRest, clusters } from './support/clusters.js';
import { drainPlan } from './support/drain-plan.js';
import { policy, verify } from './support/plan.js';

const chosen = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 2 });
const allowed = policy({ disruptionBudgets: [] });
const roomy = (state: ClusterState): ClusterState => ({
  ...state,
  nodePools: [{ name: 'default', budgets: [{ nodes: '100%' }] }],
});
const placedPods = (state: ClusterState) =>
  state.pods.node.filter((node, pod) => node >= 0 && state.pods.extra[pod]?.phase === undefined).length;

describe('a plan that verifyPlan accepts', () => {
  it('leaves no pod without a place once it is applied', () => {
    let accepted = 0;
    let moved = 0;
    fc.assert(
      fc.property(clusters, chosen, (cluster, nodes) => {
        // To applyPlan, pods that wait still do; to verifyPlan they come first, and others may want to be near them.
        const state = roomy(atRest(cluster));
        const plan = drainPlan(state, nodes);
        if (verify(state, plan, allowed).verdict !== 'verified') return;
        accepted++;
        const after = applyPlan(state, plan);
        const pending = (of: ClusterState) => of.pods.node.filter((node) => node === -1).length;
        if (pending(after) > pending(state)) throw new Error('a pod is left over');
        const gone = new Set(
          plan.groups.flatMap(({ actions }) =>
            actions.flatMap((action) => ('node' in action && 'uid' in action.node ? action.node.uid : [])),
          ),
        );
        const terminating = state.pods.node.filter(
          (node, pod) =>
            node >= 0 && state.pods.extra[pod]?.deletionAtMs !== undefined && gone.has(state.nodes[node]?.uid ?? ''),
        ).length;
        if (placedPods(after) !== placedPods(state) - terminating) throw new Error('a pod is lost or made');
        if (plan.groups.some(({ actions }) => actions.length > 2)) moved++;
        if (JSON.stringify(createPlacement(JSON.parse(JSON.stringify(after))).state) !== JSON.stringify(after))
          throw new Error('not JSON');
      }),
      lawParameters(),
    );
    process.stderr.write(`plans: ${accepted} accepted, ${moved} of them move pods\n`);
    if (accepted === 0 || moved === 0) throw new Error('the law has looked at nothing');
  });

  it('is refused once a drained pod, a cordon or a cent is missing', () => {
    fc.assert(
      fc.property(clusters, chosen, fc.nat(), (cluster, nodes, which) => {
        const state = roomy(cluster);
        const plan = drainPlan(state, nodes);
        if (verify(state, plan, allowed).verdict !== 'verified') return;
        for (const [what, mutant] of mutantsOf(plan, which))
          if (verify(state, mutant, allowed).verdict !== 'refused') throw new Error(`accepted without ${what}`);
      }),
      lawParameters(),
    );
  });

  it('is judged the same whenever it is asked about', () => {
    fc.assert(
      fc.property(clusters, chosen, fc.integer(), (state, nodes, seed) => {
        const plan = drainPlan(state, nodes);
        const before = JSON.stringify([state, plan]);
        const first = JSON.stringify(verify(state, plan, allowed, seed));
        if (JSON.stringify(verify(state, plan, allowed, seed)) !== first) throw new Error('two answers');
        if (JSON.stringify([state, plan]) !== before) throw new Error('the input was changed');
      }),
      lawParameters(),
    );
  });
});

function mutantsOf(plan: Plan, which: number): (readonly [string, Plan])[] {
  const at = which % plan.groups.length;
  const withActions = (
    change: (actions: Plan['groups'][number]['actions']) => Plan['groups'][number]['actions'],
  ): Plan => ({
    ...plan,
    groups: plan.groups.map((group, index) => (index === at ? { ...group, actions: change(group.actions) } : group)),
  });
  const [cordon, second] = plan.groups[at]?.actions ?? [];
  const mutants: (readonly [string, Plan])[] = [
    ['a cent', { ...plan, currentUsdPerHour: plan.currentUsdPerHour + 0.01 }],
  ];
  if (second?.kind !== 'drain-node') return mutants;
  mutants.push([
    'a cordon',
    withActions((actions) =>
      actions.slice(1).map((action) => ({ ...action, dependsOn: action.dependsOn.filter((id) => id !== cordon?.id) })),
    ),
  ]);
  mutants.push([
    'a drained pod',
    withActions((actions) =>
      actions.map((action) =>
        action.kind === 'drain-node'
          ? {
              ...action,
              pods: action.pods.flatMap((entry, index) =>
                index > 0 ? [entry] : entry.count === 1 ? [] : [{ ...entry, count: entry.count - 1, expected: [] }],
              ),
            }
          : action,
      ),
    ),
  ]);
  return mutants;
}
