import type { ClusterState, Draft, DraftGroup, Market, Node, NodeOwner } from '@cloudoptim/core';
import { createPlacement, nodeObstacles } from '@cloudoptim/scheduling';
import { drawnTaint } from '../cluster/build-cluster.js';
import type { Random } from '../random.js';
import { drawn, removalOf } from './drafts.js';
import type { PlanQuestion } from './plan-case.js';

/** One to three groups over random nodes and workloads, mostly removals, and mostly of nodes that nothing pins. */
export function randomGroups(question: PlanQuestion, random: Random): { groups: DraftGroup[]; how: string } {
  const { state } = question;
  const groups: DraftGroup[] = [];
  const done: string[] = [];
  const nodes = random.shuffled(removable(question, random.chance(0.85)));
  for (let left = random.integer(1, 3); left > 0; left--) {
    const kind = random.pick(['remove', 'remove', 'remove', 'replace', 'replace', 'scale', 'change'] as const);
    const actions = actionsOf(kind, question, nodes, random);
    if (actions.length === 0) continue;
    // Every second group may run beside the others, where nothing that both touch says otherwise.
    groups.push(random.chance(0.5) && groups.length > 0 ? { actions, after: [groups.length - 1] } : { actions });
    done.push(kind);
  }
  if (groups.length === 0 && state.nodes.length > 0) {
    groups.push({ actions: removalOf(state, random.integer(0, state.nodes.length - 1)) });
    done.push('remove');
  }
  return { groups, how: done.join('+') };
}

/** Node positions; without those that something pins when `free`. */
function removable({ state, policy }: PlanQuestion, free: boolean): number[] {
  const all = [...state.nodes.keys()];
  if (!free) return all;
  const obstacles = nodeObstacles(createPlacement(state), policy, state.takenAtMs);
  return all.filter((node) => obstacles[node]?.length === 0);
}

function actionsOf(
  kind: 'remove' | 'replace' | 'scale' | 'change',
  { state, market }: PlanQuestion,
  nodes: number[],
  random: Random,
): Draft[] {
  if (kind === 'scale') return scale(state, random);
  const node = nodes.pop();
  if (node === undefined) return [];
  if (kind === 'change') return change(state, node, random);
  const launched = kind === 'replace' ? launch(state, market, random) : [];
  return [...launched, ...removalOf(state, node)];
}

/** A node like one that is there, launched through the same owner. */
function launch(state: ClusterState, market: Market, random: Random): Draft[] {
  const { owner, instanceType, zone, capacityType, csiDrivers = [] } = random.pick(state.nodes);
  const type = market.instanceTypes.find(({ name }) => name === instanceType);
  const offering = market.offerings.find(
    (one) => one.instanceType === instanceType && one.zone === zone && one.capacityType === capacityType,
  );
  if (type === undefined || offering === undefined || offering.priceUsdPerHour === null) return [];
  const { nodeClaim: _, ...via }: NodeOwner = owner;
  return [
    {
      kind: 'launch-node',
      key: `drawn-${random.integer(0, 1e6)}`,
      template: {
        labels: via.kind === 'self-managed' ? { 'eks.amazonaws.com/compute-type': 'hybrid' } : {},
        taints: [],
        startupTaints: [],
        architecture: type.architecture,
        operatingSystem: 'linux',
        zones: [offering.zone],
        csiDrivers,
        inferred: false,
      },
      offerings: [
        {
          instanceType: offering.instanceType,
          zone: offering.zone,
          capacityType: offering.capacityType,
          priceCapUsdPerHour: offering.priceUsdPerHour,
        },
      ],
      assumedAllocatable: type.allocatable,
      via,
      reasons: drawn,
    },
  ];
}

function scale({ workloads }: ClusterState, random: Random): Draft[] {
  const scalable = workloads.filter(({ kind, replicas }) => /^(Deployment|StatefulSet)$/.test(kind) && replicas);
  if (scalable.length === 0) return [];
  const { kind, namespace, name, replicas: from = 1 } = random.pick(scalable);
  const to = Math.max(0, from + random.pick([-2, -1, 1, 2, 3]));
  return from === to ? [] : [{ kind: 'scale-workload', workload: { kind, namespace, name }, from, to, reasons: drawn }];
}

function change({ nodes }: ClusterState, position: number, random: Random): Draft[] {
  const { uid } = nodes[position] as Node;
  const node = { uid };
  switch (random.integer(0, 3)) {
    case 0:
      return [{ kind: 'cordon-node', node, reasons: drawn }];
    case 1:
      return [
        { kind: 'taint-node', node, taint: { key: drawnTaint, value: 'x', effect: 'NoSchedule' }, reasons: drawn },
      ];
    case 2:
      return [{ kind: 'label-node', node, labels: { drawn: 'x' }, reasons: drawn }];
    default:
      return [{ kind: 'annotate-node', node, annotations: { drawn: 'x' }, reasons: drawn }];
  }
}
