import type { ClusterState, Draft, DraftGroup } from '@cloudoptim/core';
import { createPlacement, nodeObstacles } from '@cloudoptim/scheduling';
import { drawnTaint } from '../cluster/build-cluster.js';
import type { Random } from '../random.js';
import { drawn, removalOf } from './drafts.js';
import type { PlanQuestion } from './plan-case.js';

type Mutation = (groups: DraftGroup[], question: PlanQuestion, random: Random) => DraftGroup[] | undefined;

/** Ways to spoil a plan, most of them in a way that a careless engine would; undefined where there is nothing to spoil. */
const mutations: Readonly<Record<string, Mutation>> = {
  'drop-launch': dropLaunches,
  'drop-drain': (groups) => without(groups, ({ kind }) => kind === 'drain-node'),
  'remove-before-drain': removeBeforeDrain,
  'list-one-pod-less': listOnePodLess,
  'remove-pinned-node': removePinned,
  'drain-under-spent-budget': drainSpentBudget,
  'remove-most-nodes': removeMost,
  'remove-twice': removeTwice,
  'all-at-once': (groups) => (groups.length < 2 ? undefined : groups.map(({ actions }) => ({ actions, after: [] }))),
  'taint-the-rest': taintTheRest,
  'scale-far-up': scaleFarUp,
  'expect-elsewhere': expectElsewhere,
};

/** One mutation that changes something, tried in random order. */
export function mutatedGroups(
  groups: readonly DraftGroup[],
  question: PlanQuestion,
  random: Random,
): { groups: DraftGroup[]; how: string } {
  for (const [how, mutate] of random.shuffled(Object.entries(mutations))) {
    const mutated = mutate([...groups], question, random);
    if (mutated !== undefined) return { groups: mutated, how };
  }
  return { groups: [...groups], how: 'none' };
}

function dropLaunches(groups: DraftGroup[]): DraftGroup[] | undefined {
  const left = without(groups, ({ kind }) => kind === 'launch-node');
  return left?.map(({ actions, ...rest }) => ({
    ...rest,
    actions: actions.map((draft) =>
      draft.kind === 'drain-node' ? { ...draft, pods: draft.pods.map((pods) => ({ ...pods, expected: [] })) } : draft,
    ),
  }));
}

function without(groups: DraftGroup[], drop: (draft: Draft) => boolean): DraftGroup[] | undefined {
  if (!groups.some(({ actions }) => actions.some(drop))) return undefined;
  return groups.map(({ actions, ...rest }) => ({ ...rest, actions: actions.filter((draft) => !drop(draft)) }));
}

function removeBeforeDrain(groups: DraftGroup[]): DraftGroup[] | undefined {
  if (!groups.some(({ actions }) => actions.some(({ kind }) => kind === 'drain-node'))) return undefined;
  const late = ({ kind }: Draft) => kind === 'drain-node';
  return groups.map(({ actions, ...rest }) => ({
    ...rest,
    actions: [...actions.filter((draft) => !late(draft)), ...actions.filter(late)],
  }));
}

function listOnePodLess(groups: DraftGroup[]): DraftGroup[] | undefined {
  let done = false;
  const spoiled = groups.map(({ actions, ...rest }) => ({
    ...rest,
    actions: actions.flatMap((draft): Draft[] => {
      if (done || draft.kind !== 'drain-node') return [draft];
      done = true;
      const [first, ...others] = draft.pods;
      if (first === undefined) return [draft];
      const less = first.count > 1 ? [{ ...first, count: first.count - 1, expected: [] }] : [];
      return less.length + others.length === 0 ? [] : [{ ...draft, pods: [...less, ...others] }];
    }),
  }));
  return done ? spoiled : undefined;
}

function removePinned(groups: DraftGroup[], { state, policy }: PlanQuestion, random: Random): DraftGroup[] | undefined {
  const obstacles = nodeObstacles(createPlacement(state), policy, state.takenAtMs);
  const pinned = [...state.nodes.keys()].filter(
    (node) => (obstacles[node]?.length ?? 0) > 0 && !isRemoved(groups, state, node),
  );
  return pinned.length === 0 ? undefined : [...groups, { actions: removalOf(state, random.pick(pinned)) }];
}

/** A node whose pods are under a budget that allows nothing. */
function drainSpentBudget(
  groups: DraftGroup[],
  { state, policy }: PlanQuestion,
  random: Random,
): DraftGroup[] | undefined {
  const obstacles = nodeObstacles(createPlacement(state), policy, state.takenAtMs);
  const spent = [...state.nodes.keys()].filter(
    (node) =>
      obstacles[node]?.some(({ reason }) => /^(pod-disruption-budget|several-pdbs)$/.test(reason.code)) &&
      !isRemoved(groups, state, node),
  );
  return spent.length === 0 ? undefined : [{ actions: removalOf(state, random.pick(spent)) }, ...groups];
}

function removeMost(groups: DraftGroup[], { state, policy }: PlanQuestion, random: Random): DraftGroup[] | undefined {
  const obstacles = nodeObstacles(createPlacement(state), policy, state.takenAtMs);
  const free = [...state.nodes.keys()].filter(
    (node) => obstacles[node]?.length === 0 && !isRemoved(groups, state, node),
  );
  if (free.length === 0) return undefined;
  const more = random.shuffled(free).slice(0, Math.max(1, Math.ceil(free.length * 0.7)));
  return [...groups, ...more.map((node) => ({ actions: removalOf(state, node) }))];
}

function removeTwice(groups: DraftGroup[]): DraftGroup[] | undefined {
  const removal = groups
    .flatMap(({ actions }) => actions)
    .find(({ kind }) => kind === 'terminate-node' || kind === 'delete-nodeclaim');
  return removal === undefined ? undefined : [...groups, { actions: [removal] }];
}

function taintTheRest(groups: DraftGroup[], { state }: PlanQuestion): DraftGroup[] | undefined {
  if (!groups.some(({ actions }) => actions.some(({ kind }) => kind === 'drain-node'))) return undefined;
  const taint = { key: drawnTaint, value: 'x', effect: 'NoSchedule' } as const;
  const rest = state.nodes.filter((_, node) => !isRemoved(groups, state, node));
  if (rest.length === 0) return undefined;
  const taints = rest.map(({ uid }): Draft => ({ kind: 'taint-node', node: { uid }, taint, reasons: drawn }));
  return [{ actions: taints }, ...groups.map(({ actions }, at) => ({ actions, after: [at] }))];
}

function scaleFarUp(groups: DraftGroup[], { state }: PlanQuestion, random: Random): DraftGroup[] | undefined {
  const scalable = state.workloads.filter(({ kind, replicas }) => kind === 'Deployment' && replicas);
  if (scalable.length === 0) return undefined;
  const { kind, namespace, name, replicas: from = 1 } = random.pick(scalable);
  const to = from + random.integer(10, 40);
  const scale: Draft = { kind: 'scale-workload', workload: { kind, namespace, name }, from, to, reasons: drawn };
  return [...groups, { actions: [scale] }];
}

/** All pods of a drain on one node that is there, whatever it has room for. */
function expectElsewhere(groups: DraftGroup[], { state }: PlanQuestion, random: Random): DraftGroup[] | undefined {
  if (!groups.some(({ actions }) => actions.some(({ kind }) => kind === 'drain-node'))) return undefined;
  const { uid } = random.pick(state.nodes);
  return groups.map(({ actions, ...rest }) => ({
    ...rest,
    actions: actions.map((draft) => {
      if (draft.kind !== 'drain-node') return draft;
      const pods = draft.pods.map((entry) => ({ ...entry, expected: [{ node: { uid }, count: entry.count }] }));
      return { ...draft, pods };
    }),
  }));
}

function isRemoved(groups: readonly DraftGroup[], { nodes }: ClusterState, node: number): boolean {
  return groups.some(({ actions }) =>
    actions.some((draft) => 'node' in draft && 'uid' in draft.node && draft.node.uid === nodes[node]?.uid),
  );
}
