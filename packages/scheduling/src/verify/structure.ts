import type { Action, ClusterState, NodeRef, Plan, WorkloadRef } from '@cloudoptim/core';
import { type PlacedAction, type PlanIndex, planIndex, removes } from '../plan-index.js';
import { workloadIndex } from '../resized-templates.js';
import type { Refusal } from '../verification.js';
import { refuseAction, refusePlan } from './refuse.js';

/** What makes a plan no plan for this state: ids, order, and references. Nothing else is looked at while one of these stands. */
export function structureRefusals(state: ClusterState, plan: Plan): Refusal[] {
  if (plan.schema !== 'plan/v1' || plan.contractVersion !== 'v1')
    return [
      refusePlan('unknown-schema', `The plan says ${plan.schema}, ${plan.contractVersion}; this is plan/v1, v1.`),
    ];
  if (plan.clusterId !== undefined && state.clusterId !== undefined && plan.clusterId !== state.clusterId)
    return [
      refusePlan('wrong-cluster', `The plan is for cluster ${plan.clusterId}, the state is of ${state.clusterId}.`),
    ];
  const index = planIndex(plan, state);
  return [...repeatedIds(index), ...unknownDependencies(index), ...cycles(index), ...references(index, state)];
}

function repeatedIds({ plan, actions }: PlanIndex): Refusal[] {
  const seen = new Set<string>();
  const ids = [
    ...plan.groups.map((group) => `group ${group.id}`),
    ...actions.map(({ action }) => `action ${action.id}`),
  ];
  const keys = actions.flatMap(({ action }) => (action.kind === 'launch-node' ? [`launch key ${action.key}`] : []));
  return [...ids, ...keys].flatMap((id) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [refusePlan('repeated-id', `The plan has the ${id} twice.`)];
  });
}

function unknownDependencies(index: PlanIndex): Refusal[] {
  const groups = index.plan.groups.flatMap((group) =>
    group.dependsOn
      .filter((id) => !index.groupById.has(id))
      .map((id) =>
        refusePlan('unknown-dependency', `Group ${group.id} depends on ${id}, which the plan does not have.`),
      ),
  );
  const actions = index.actions.flatMap((entry) =>
    entry.action.dependsOn
      .filter((id) => !index.byId.has(id))
      .map((id) =>
        refuseAction(
          index,
          entry,
          'unknown-dependency',
          `Action ${entry.action.id} depends on ${id}, which the plan does not have.`,
        ),
      ),
  );
  return [...groups, ...actions];
}

function cycles(index: PlanIndex): Refusal[] {
  if (index.order === undefined)
    return [refusePlan('cyclic-dependencies', 'Groups of the plan depend on one another.')];
  return index.actions.flatMap((entry) =>
    entry.action.dependsOn.some((id) => {
      const parent = index.byId.get(id);
      return parent?.group === entry.group && parent.position >= entry.position;
    })
      ? [
          refuseAction(
            index,
            entry,
            'cyclic-dependencies',
            `Action ${entry.action.id} depends on itself or on an action that is listed after it.`,
          ),
        ]
      : [],
  );
}

function references(index: PlanIndex, state: ClusterState): Refusal[] {
  const workloads = workloadIndex(state);
  const launches = new Map(
    index.actions.flatMap((entry) => (entry.action.kind === 'launch-node' ? [[entry.action.key, entry] as const] : [])),
  );
  return index.actions.flatMap((entry) => {
    const { action } = entry;
    const unknown: string[] = [];
    for (const ref of nodeRefs(action)) {
      const known = 'uid' in ref ? index.nodeIndex(ref) !== undefined : launches.has(ref.launch);
      if (!known) unknown.push(`the node ${'uid' in ref ? ref.uid : `launch ${ref.launch}`}`);
      else if ('launch' in ref && !index.precedes(launches.get(ref.launch) as PlacedAction, entry))
        unknown.push(`the node that launch ${ref.launch} brings, without waiting for it`);
    }
    for (const ref of workloadRefs(action))
      if (!workloads.has(`${ref.kind}/${ref.namespace}/${ref.name}`))
        unknown.push(`the workload ${ref.kind} ${ref.namespace}/${ref.name}`);
    for (const template of templatesOf(action))
      if (state.podTemplates[template] === undefined) unknown.push(`the pod template ${template}`);
    return unknown.map((what) =>
      refuseAction(index, entry, 'unknown-reference', `Action ${action.id} names ${what}; the state does not have it.`),
    );
  });
}

/** Nodes that an action names, expected targets included. */
function nodeRefs(action: Action): readonly NodeRef[] {
  const own = 'node' in action ? [action.node] : [];
  if (action.kind === 'drain-node')
    return [...own, ...action.pods.flatMap((entry) => entry.expected.map((target) => target.node))];
  if (action.kind === 'evict-pod' && action.expected !== undefined) return [...own, action.expected];
  return own;
}

function workloadRefs(action: Action): readonly WorkloadRef[] {
  return 'workload' in action ? [action.workload] : [];
}

function templatesOf(action: Action): readonly number[] {
  if (action.kind === 'drain-node') return action.pods.map((entry) => entry.template);
  return action.kind === 'evict-pod' ? [action.template] : [];
}

/**
 * Order that makes sense of node removals: cordoned, drained, gone, once each; and drains that say what they mean. An empty
 * node may go without a cordon: that it is empty is asked again when it goes, and the replays cordon all nodes that go.
 */
export function removalRefusals(index: PlanIndex, state: ClusterState): Refusal[] {
  const cordons = new Map<string, PlacedAction[]>();
  for (const entry of index.actions) {
    if (entry.action.kind !== 'cordon-node') continue;
    const key = nodeKey(entry.action.node);
    cordons.set(key, [...(cordons.get(key) ?? []), entry]);
  }
  const removed = new Set<string>();
  return index.actions.flatMap((entry) => {
    const { action } = entry;
    const found: Refusal[] = [];
    if (action.kind === 'drain-node') {
      const node = nodeName(action.node, index, state);
      if (cordons.get(nodeKey(action.node))?.some((cordon) => index.precedes(cordon, entry)) !== true)
        found.push(
          refuseAction(
            index,
            entry,
            'not-cordoned',
            `${node} is drained without being cordoned first: evicted pods may come back to it.`,
          ),
        );
      found.push(...expectationRefusals(index, entry, action));
    }
    if (removes(action)) {
      const key = nodeKey(action.node);
      const node = nodeName(action.node, index, state);
      if (removed.has(key)) found.push(refuseAction(index, entry, 'removed-twice', `${node} is removed twice.`));
      removed.add(key);
      found.push(...ownerRefusals(index, entry, action, state));
    }
    return found;
  });
}

function expectationRefusals(
  index: PlanIndex,
  entry: PlacedAction,
  action: Extract<Action, { kind: 'drain-node' }>,
): Refusal[] {
  return action.pods.flatMap(({ template, count, expected }) => {
    const sum = expected.reduce((total, target) => total + target.count, 0);
    const whole = [count, ...expected.map((target) => target.count)].every(
      (number) => Number.isInteger(number) && number > 0,
    );
    const found: Refusal[] = [];
    // A pod of a controller that brings nothing back has nowhere to be expected.
    if (!whole || (sum !== count && sum !== 0))
      found.push(
        refuseAction(
          index,
          entry,
          'expectations-differ',
          `The drain lists ${count} pods of template ${template} and expects ${sum} of them somewhere.`,
          undefined,
          { count, expected: sum },
        ),
      );
    for (const target of expected) {
      const node = index.nodeIndex(target.node);
      if (node !== undefined && index.removedNodes.has(node))
        found.push(
          refuseAction(
            index,
            entry,
            'expected-on-removed-node',
            `The drain expects pods on ${'uid' in target.node ? target.node.uid : ''}, which the same plan removes.`,
          ),
        );
    }
    return found;
  });
}

/** A node goes through its owner: a NodeClaim by its name, an instance by its group. */
function ownerRefusals(
  index: PlanIndex,
  entry: PlacedAction,
  action: Extract<Action, { kind: 'terminate-node' | 'delete-nodeclaim' }>,
  state: ClusterState,
): Refusal[] {
  const at = index.nodeIndex(action.node);
  const owner = at === undefined ? undefined : state.nodes[at]?.owner;
  if (owner === undefined) return [];
  const node = nodeName(action.node, index, state);
  if (owner.kind !== action.via.kind || owner.name !== action.via.name)
    return [
      refuseAction(
        index,
        entry,
        'wrong-owner',
        `${node} belongs to ${owner.kind} ${owner.name ?? ''}, the action goes through ${action.via.kind} ${action.via.name ?? ''}.`,
      ),
    ];
  if (action.kind === 'delete-nodeclaim' && owner.nodeClaim !== action.nodeClaim)
    return [
      refuseAction(
        index,
        entry,
        'wrong-owner',
        `${node} belongs to NodeClaim ${owner.nodeClaim ?? 'unknown'}, not ${action.nodeClaim}.`,
      ),
    ];
  return [];
}

/** Tells references to nodes apart. */
function nodeKey(ref: NodeRef): string {
  return 'uid' in ref ? `uid ${ref.uid}` : `launch ${ref.launch}`;
}

function nodeName(ref: NodeRef, index: PlanIndex, state: ClusterState): string {
  if ('launch' in ref) return `The node of launch ${ref.launch}`;
  const at = index.nodeIndex(ref);
  return `Node ${(at === undefined ? undefined : state.nodes[at]?.name) ?? ref.uid}`;
}
