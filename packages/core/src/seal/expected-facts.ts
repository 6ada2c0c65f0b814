import type { Fact } from '../fact.js';
import type { NodeRef } from '../intent.js';
import type { Draft } from '../plan.js';
import { offeringRef } from '../references.js';
import type { WorkloadRef } from '../workload.js';
import type { Launches } from './check-drafts.js';
import type { StateIndex } from './state-index.js';
import type { WorkloadHistory } from './workload-history.js';

/** What the facts of an action follow from, beside the action. */
export interface FactSources {
  readonly index: StateIndex | undefined;
  readonly launches: Launches;
  /** What earlier actions of the plan did to workloads. */
  readonly history: WorkloadHistory;
}

/**
 * What an action expects of live objects at its own step, so that a host can tell a plan that still holds from one that the
 * cluster has left behind. Whatever disturbs expects that there is no freeze; taking a cordon back is always allowed.
 */
export function expectedFacts(draft: Draft, sources: FactSources): Fact[] {
  const { index, launches, history } = sources;
  const noFreeze: Fact = { fact: 'no-freeze' };
  switch (draft.kind) {
    case 'launch-node':
      return [
        ...draft.offerings.map((offering): Fact => {
          return { fact: 'price-at-most', offering: offeringRef(offering), usdPerHour: offering.priceCapUsdPerHour };
        }),
        noFreeze,
      ];
    case 'uncordon-node':
      return [nodeExists(draft.node, index)];
    case 'cordon-node':
    case 'taint-node':
    case 'label-node':
    case 'annotate-node':
      return [nodeExists(draft.node, index), noFreeze];
    case 'drain-node': {
      const destinations = draft.pods.flatMap(({ expected }) => expected.map(({ node }) => node));
      return [
        nodeExists(draft.node, index),
        { fact: 'node-cordoned', node: draft.node },
        {
          fact: 'node-holds-at-most',
          node: draft.node,
          pods: draft.pods.map(({ template, count }) => [template, count] as const),
        },
        ...budgetsAllow(
          draft.node,
          draft.pods.map(({ template }) => template),
          index,
        ),
        ...nodesReady(destinations, launches),
        noFreeze,
      ];
    }
    case 'evict-pod':
      return [
        nodeExists(draft.node, index),
        ...budgetsAllow(draft.node, [draft.template], index),
        ...nodesReady(draft.expected === undefined ? [] : [draft.expected], launches),
        noFreeze,
      ];
    case 'terminate-node':
    case 'delete-nodeclaim':
      // What may be left when a node goes is what its drain leaves: DaemonSet and mirror pods.
      return [nodeExists(draft.node, index), { fact: 'node-holds-at-most', node: draft.node, pods: [] }, noFreeze];
    case 'set-node-group-size':
      return [{ fact: 'node-group-size', group: draft.group.name ?? '', desired: draft.from }, noFreeze];
    case 'configure-nodepool':
      return [{ fact: 'nodepool-unchanged-by', nodePool: draft.nodePool, patch: draft.prior }, noFreeze];
    case 'configure-nodeoverlay':
    case 'configure-scheduler':
    case 'extension':
      return [noFreeze];
    case 'scale-workload':
      return [replicasAre(draft.workload, draft.from), ...history.generation(draft.workload), noFreeze];
    case 'surge-workload':
      return [
        replicasAre(draft.workload, draft.from),
        ...history.generation(draft.workload),
        nodeExists(draft.node, index),
        noFreeze,
      ];
    case 'suspend-workload':
      return [
        ...(draft.priorReplicas === undefined ? [] : [replicasAre(draft.workload, draft.priorReplicas)]),
        ...history.generation(draft.workload),
        noFreeze,
      ];
    case 'resume-workload':
      // Somebody who scaled it up meanwhile has resumed it already, to what they need.
      return [
        ...(draft.replicas === undefined ? [] : [replicasAre(draft.workload, 0)]),
        ...history.generation(draft.workload),
        noFreeze,
      ];
    case 'resize-workload':
    case 'prefer-capacity':
      return [...history.generation(draft.workload), noFreeze];
    case 'set-autoscaler-bounds': {
      const { namespace, name } = draft.autoscaler;
      const { minReplicas, maxReplicas } = draft.prior;
      return [{ fact: 'autoscaler-bounds', namespace, name, minReplicas, maxReplicas }, noFreeze];
    }
  }
}

function nodeExists(node: NodeRef, index: StateIndex | undefined): Fact {
  const name = 'uid' in node ? index?.node(node.uid)?.name : undefined;
  return name === undefined ? { fact: 'node-exists', node } : { fact: 'node-exists', node, name };
}

/** Evictions are asked for one at a time, so each budget must allow one. */
function budgetsAllow(node: NodeRef, templates: readonly number[], index: StateIndex | undefined): Fact[] {
  if (index === undefined || !('uid' in node)) return [];
  const budgets = new Map<string, Fact>();
  for (const template of templates) {
    for (const { namespace, name } of index.budgetsOf(node.uid, template)) {
      budgets.set(`${namespace}/${name}`, { fact: 'budget-allows', namespace, budget: name, evictions: 1 });
    }
  }
  return [...budgets.values()];
}

/** A launched node takes pods only once it is Ready with at least what the plan assumed of it. */
function nodesReady(destinations: readonly NodeRef[], launches: Launches): Fact[] {
  const keys = new Set(destinations.flatMap((node) => ('launch' in node ? [node.launch] : [])));
  return [...keys].flatMap((key): Fact[] => {
    const launch = launches.get(key);
    if (launch === undefined) return [];
    return [{ fact: 'node-ready', node: { launch: key }, allocatableAtLeast: launch.draft.assumedAllocatable }];
  });
}

function replicasAre(workload: WorkloadRef, replicas: number): Fact {
  return { fact: 'workload-replicas', workload, replicas };
}
