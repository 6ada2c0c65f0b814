import type { Fact, Node, Subject } from '@cloudoptim/core';
import { coverageOf, createPriceBook } from '@cloudoptim/core';
import type { PlacedAction } from '../plan-index.js';
import { evictablePods } from '../run/evict.js';
import type { PlanRun } from '../run/plan-run.js';
import { changesNothing, knownOf } from './nodepool-patch.js';

/** Reports the facts that an action expects and that do not hold when its turn comes. */
export function checkFacts(run: PlanRun, entry: PlacedAction, freeze: boolean): void {
  for (const fact of entry.action.expect) {
    const why = contradiction(run, fact, freeze);
    if (why === undefined) continue;
    const message = `Action ${entry.action.id} expects ${fact.fact}, but ${why}.`;
    run.report(entry, { code: 'facts-differ', message }, subjectOf(run, fact));
  }
}

function contradiction(run: PlanRun, fact: Fact, freeze: boolean): string | undefined {
  const { placement } = run;
  switch (fact.fact) {
    case 'no-freeze':
      return freeze ? 'the policy is frozen' : undefined;
    case 'node-exists':
    case 'node-ready':
    case 'node-cordoned':
    case 'node-holds-at-most': {
      const at = run.resolve(fact.node);
      const node = at === undefined ? undefined : placement.node(at);
      return at === undefined || node === undefined ? 'the node is not there' : nodeContradiction(run, fact, at, node);
    }
    case 'budget-allows': {
      const at = placement.lookups.budgetIndex(fact.namespace, fact.budget);
      if (at === -1) return `there is no budget ${fact.namespace}/${fact.budget}`;
      const left = run.budgets.left(at);
      return left < Math.min(1, fact.evictions) ? `it grants ${left} evictions` : undefined;
    }
    case 'workload-replicas':
    case 'workload-generation': {
      const { kind, namespace, name } = fact.workload;
      const at = run.workloads.get(`${kind}/${namespace}/${name}`);
      const workload = at === undefined ? undefined : placement.state.workloads[at];
      if (at === undefined || workload === undefined) return 'the workload is not there';
      if (fact.fact === 'workload-generation')
        return workload.generation === fact.generation ? undefined : `its generation is ${workload.generation}`;
      const replicas = run.state.replicas.get(at) ?? workload.replicas;
      return replicas === fact.replicas ? undefined : `it has ${replicas ?? 'an unknown number of'} replicas`;
    }
    case 'autoscaler-bounds': {
      const autoscalers = placement.state.horizontalPodAutoscalers;
      const at = placement.lookups.autoscalerIndex(fact.namespace, fact.name);
      const bounds = run.state.autoscalers.get(at) ?? autoscalers[at];
      if (bounds === undefined) return 'the autoscaler is not there';
      const same = bounds.minReplicas === fact.minReplicas && bounds.maxReplicas === fact.maxReplicas;
      return same ? undefined : `its bounds are ${bounds.minReplicas} to ${bounds.maxReplicas}`;
    }
    case 'node-group-size': {
      const group = placement.state.nodeGroups.find((entry) => entry.name === fact.group);
      const size =
        group === undefined
          ? undefined
          : (run.state.groupSizes.get(`${group.kind}/${group.name}`) ?? group.desiredSize);
      return size === undefined || size === fact.desired ? undefined : `its size is ${size}`;
    }
    case 'nodepool-unchanged-by': {
      const pool = placement.state.nodePools.find(({ name }) => name === fact.nodePool);
      // Not listed is unknown, never absent.
      if (pool === undefined)
        return coverageOf(placement.state.coverage, 'NodePool') === 'listed' ? 'the NodePool is not there' : undefined;
      const known = run.state.nodePools.get(fact.nodePool) ?? knownOf(pool);
      return changesNothing(fact.patch, known) ? undefined : 'the NodePool is configured otherwise';
    }
    case 'price-at-most': {
      const price = createPriceBook(run.options.market).usdPerHour(fact.offering);
      if (run.options.market === undefined) return undefined;
      if (price === undefined) return 'its price is not known';
      return price <= fact.usdPerHour ? undefined : `it costs ${price} USD/h`;
    }
  }
}

function nodeContradiction(
  run: PlanRun,
  fact: Extract<Fact, { fact: 'node-exists' | 'node-ready' | 'node-cordoned' | 'node-holds-at-most' }>,
  at: number,
  node: Node,
): string | undefined {
  switch (fact.fact) {
    case 'node-exists':
      return fact.name === undefined || fact.name === node.name ? undefined : `the node is called ${node.name}`;
    case 'node-cordoned':
      return node.unschedulable === true ? undefined : 'the node is not cordoned';
    case 'node-ready': {
      const least = fact.allocatableAtLeast;
      if (!node.ready) return 'the node is not Ready';
      const enough =
        node.allocatable.cpuMillicores >= least.cpuMillicores &&
        node.allocatable.memoryBytes >= least.memoryBytes &&
        node.allocatable.pods >= least.pods &&
        (node.allocatable.ephemeralStorageBytes ?? 0) >= (least.ephemeralStorageBytes ?? 0) &&
        Object.entries(least.extended ?? {}).every(
          ([name, amount]) => (node.allocatable.extended?.[name] ?? 0) >= amount,
        );
      return enough ? undefined : 'the node offers less';
    }
    case 'node-holds-at-most': {
      const allowed = new Map(fact.pods);
      for (const pod of evictablePods(run, at)) {
        const template = run.placement.templateOf(pod);
        const left = (allowed.get(template) ?? 0) - 1;
        if (left < 0) return `the node holds more, among them ${run.placement.nameOf(pod)}`;
        allowed.set(template, left);
      }
      return undefined;
    }
  }
}

function subjectOf(run: PlanRun, fact: Fact): Subject {
  if ('node' in fact) {
    const at = run.resolve(fact.node);
    const node = at === undefined ? undefined : run.placement.node(at);
    if (node !== undefined) return { kind: 'node', uid: node.uid, name: node.name };
  }
  return 'workload' in fact ? { kind: 'workload', workload: fact.workload } : { kind: 'cluster' };
}
