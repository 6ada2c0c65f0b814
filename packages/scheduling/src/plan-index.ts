import type { Action, ActionGroup, ClusterState, NodeRef, Plan } from '@cloudoptim/core';
import { Ancestors } from './ancestors.js';

/** An action with where it stands in its plan. */
export interface PlacedAction {
  readonly action: Action;
  /** Position of its group. */
  readonly group: number;
  /** Position in its group. */
  readonly position: number;
}

/** A plan by its ids, and what must have succeeded before what. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly actions: readonly PlacedAction[];
  /** The same by group. */
  readonly byGroup: readonly (readonly PlacedAction[])[];
  readonly byId: ReadonlyMap<string, PlacedAction>;
  readonly groupById: ReadonlyMap<string, number>;
  /** Positions of groups that a group names itself, or whose actions its own wait for. */
  readonly parents: readonly ReadonlySet<number>[];
  /** The same the other way round. */
  readonly children: readonly (readonly number[])[];
  /** Positions of groups that must have completed before a group, by its own dependsOn and by those of its actions. */
  readonly groupAncestors: readonly Pick<Ancestors, 'has' | 'size'>[];
  /** Whether `before` must have succeeded when `after` starts. */
  precedes(before: PlacedAction, after: PlacedAction): boolean;
  /** Groups in an order that respects dependsOn, as close to the plan's own as can be; undefined when there is a cycle. */
  readonly order: readonly number[] | undefined;
  /** Node index by reference into the state; undefined for launches and for nodes that the state does not have. */
  nodeIndex(ref: NodeRef): number | undefined;
  /** Indices of nodes of the state that the plan removes. */
  readonly removedNodes: ReadonlySet<number>;
}

const indices = new WeakMap<Plan, { readonly nodes: ClusterState['nodes']; readonly index: PlanIndex }>();

/** The index of a plan on a state, made once. */
export function planIndex(plan: Plan, state: ClusterState): PlanIndex {
  const known = indices.get(plan);
  if (known?.nodes === state.nodes) return known.index;
  const index = createPlanIndex(plan, state);
  indices.set(plan, { nodes: state.nodes, index });
  return index;
}

function createPlanIndex(plan: Plan, state: ClusterState): PlanIndex {
  const byGroup = plan.groups.map((group, at) =>
    group.actions.map((action, position): PlacedAction => ({ action, group: at, position })),
  );
  const actions = byGroup.flat();
  const byId = new Map(actions.map((entry) => [entry.action.id, entry]));
  const groupById = new Map(plan.groups.map((group, at) => [group.id, at]));
  const nodeByUid = nodesByUid(state);
  const parents = plan.groups.map((group, at) => parentsOf(group, at, byId, groupById));
  const order = topologicalOrder(parents);
  const groupAncestors = closures(parents, order ?? parents.map((_, at) => at));
  const actionAncestors = actionClosures(actions, byId, order);
  const nodeIndex = (ref: NodeRef) => ('uid' in ref ? nodeByUid.get(ref.uid) : undefined);
  const removedNodes = new Set<number>();
  for (const { action } of actions) {
    const index = removes(action) ? nodeIndex(action.node) : undefined;
    if (index !== undefined) removedNodes.add(index);
  }
  return {
    plan,
    actions,
    byGroup,
    byId,
    groupById,
    parents,
    children: childrenOf(parents),
    groupAncestors,
    order,
    nodeIndex,
    removedNodes,
    precedes: (before, after) =>
      groupAncestors[after.group]?.has(before.group) === true ||
      // Actions of other groups are ancestors with their whole group, so this is asked of few.
      (before.group === after.group && actionAncestors.get(after.action.id)?.has(before.position) === true),
  };
}

const byUid = new WeakMap<ClusterState['nodes'], ReadonlyMap<string, number>>();

function nodesByUid({ nodes }: ClusterState): ReadonlyMap<string, number> {
  const known = byUid.get(nodes);
  if (known !== undefined) return known;
  const index = new Map(nodes.map((node, at) => [node.uid, at]));
  byUid.set(nodes, index);
  return index;
}

type Removal = Extract<Action, { kind: 'terminate-node' | 'delete-nodeclaim' }>;

/** Whether the action takes a node out of the cluster. */
export function removes(action: Action): action is Removal {
  return action.kind === 'terminate-node' || action.kind === 'delete-nodeclaim';
}

function parentsOf(
  group: ActionGroup,
  at: number,
  byId: ReadonlyMap<string, PlacedAction>,
  groupById: ReadonlyMap<string, number>,
): ReadonlySet<number> {
  const parents = new Set<number>();
  for (const id of group.dependsOn) {
    const parent = groupById.get(id);
    if (parent !== undefined) parents.add(parent);
  }
  for (const action of group.actions)
    for (const id of action.dependsOn) {
      const parent = byId.get(id)?.group;
      if (parent !== undefined && parent !== at) parents.add(parent);
    }
  return parents;
}

/** Kahn's algorithm, the lowest position first among those that may come next. */
export function topologicalOrder(parents: readonly ReadonlySet<number>[]): number[] | undefined {
  const children = childrenOf(parents);
  const open = parents.map((own) => own.size);
  const ready = open.flatMap((count, at) => (count === 0 ? [at] : []));
  const order: number[] = [];
  while (ready.length > 0) {
    ready.sort((a, b) => b - a);
    const next = ready.pop() as number;
    order.push(next);
    for (const child of children[next] ?? []) if (--(open[child] as number) === 0) ready.push(child);
  }
  return order.length === parents.length ? order : undefined;
}

function childrenOf(parents: readonly ReadonlySet<number>[]): number[][] {
  const children: number[][] = parents.map(() => []);
  for (const [at, own] of parents.entries()) for (const parent of own) children[parent]?.push(at);
  return children;
}

/** Everything reachable through parents; on a cycle, what one pass in the given order finds. */
function closures(parents: readonly ReadonlySet<number>[], order: readonly number[]): Ancestors[] {
  const found = parents.map(() => new Ancestors());
  for (const at of order)
    for (const parent of parents[at] as ReadonlySet<number>) found[at]?.add(parent, found[parent] as Ancestors);
  return found;
}

/** Ancestors of each action by position in its own group; other groups are whole ancestors or none. */
function actionClosures(
  actions: readonly PlacedAction[],
  byId: ReadonlyMap<string, PlacedAction>,
  order: readonly number[] | undefined,
): ReadonlyMap<string, Ancestors> {
  const found = new Map<string, Ancestors>();
  if (order === undefined) return found;
  for (const { action, group, position } of actions) {
    const own = new Ancestors();
    for (const id of action.dependsOn) {
      const parent = byId.get(id);
      // A dependency on a later action of the group is refused elsewhere; it orders nothing here.
      if (parent === undefined || parent.group !== group || parent.position >= position) continue;
      own.add(parent.position, found.get(id) as Ancestors);
    }
    found.set(action.id, own);
  }
  return found;
}
