import type { Node, NodePool, NodePoolBudget, Policy, Reason } from '@cloudoptim/core';
import { cronWindowIsOpen } from './cron-window.js';
import type { Obstacle } from './node-obstacles.js';
import { scaledValue } from './percent.js';
import type { Placement } from './placement.js';

export interface RemoveOptions {
  /** Nodes of the same plan already removed when this one goes: they count against minimum sizes. */
  readonly alsoRemoved?: readonly number[];
  /** Of those, the ones whose removal may still be under way at that moment: they count against budgets. All when absent. */
  readonly inFlight?: readonly number[];
  /** Nodes that the plan adds first, by owner as `kind/name`. */
  readonly launched?: Readonly<Record<string, number>>;
}

/**
 * What the node's owner and the policy forbid: a group's minimum size (`node-group-min`), a NodePool's disruption budgets
 * (`nodepool-budget`), a static NodePool's replicas, and the policy's own budgets (`disruption-budget`). Empty: removable.
 */
export function canRemoveNode(
  placement: Placement,
  node: number,
  policy: Policy,
  now: number,
  options: RemoveOptions = {},
): readonly Obstacle[] {
  const object = placement.node(node) ?? placement.state.nodes[node];
  if (object === undefined) throw new RangeError(`There is no node ${node}.`);
  // Most nodes belong to nobody with a least number of them, so this is seldom asked.
  const removed = () => siblingsAmong(placement, object, new Set([...(options.alsoRemoved ?? []), node])).length;
  const launched = () => options.launched?.[ownerKey(object)] ?? 0;
  return [
    ...obstacles(object, [
      groupMinimum(placement, object, removed, launched),
      poolReplicas(placement, object, removed, launched),
    ]),
    ...budgetsForbid(placement, node, policy, now, options.inFlight ?? options.alsoRemoved ?? []),
  ];
}

/** What budgets forbid of that, where these other nodes are under way at the same time. */
export function budgetsForbid(
  placement: Placement,
  node: number,
  policy: Policy,
  now: number,
  inFlight: readonly number[],
): readonly Obstacle[] {
  const object = placement.node(node) ?? (placement.state.nodes[node] as Node);
  const going = new Set([...inFlight, node]);
  return obstacles(object, [
    poolBudgets(placement, object, going, now),
    ...policyBudgets(placement, object, policy, going),
  ]);
}

function obstacles({ uid, name }: Node, reasons: readonly (Reason | undefined)[]): Obstacle[] {
  return reasons.flatMap((reason) =>
    reason === undefined ? [] : [{ reason, subject: { kind: 'node', uid, name } as const }],
  );
}

/** `kind/name` of a node's owner: the key of `RemoveOptions.launched`. */
export function ownerKey({ owner }: Pick<Node, 'owner'>): string {
  return `${owner.kind}/${owner.name ?? ''}`;
}

/** Those of the nodes that belong to the node's owner. */
function siblingsAmong(placement: Placement, node: Node, among: ReadonlySet<number>): Node[] {
  const { state } = placement;
  const key = ownerKey(node);
  // Nodes of the plan may be gone from the placement already; the state still knows whose they were.
  return [...among].flatMap((index) => {
    const entry = index < state.nodes.length ? state.nodes[index] : placement.node(index);
    return entry !== undefined && ownerKey(entry) === key ? [entry] : [];
  });
}

interface OwnerNodes {
  all: number;
  /** NotReady or already going. */
  busy: number;
}

/** How many nodes the node's owner has, those that were added since included. */
function siblings(placement: Placement, node: Node): OwnerNodes {
  const { state } = placement;
  const key = ownerKey(node);
  const own = { ...(nodesByOwner(state.nodes).get(key) ?? { all: 0, busy: 0 }) };
  for (let index = state.nodes.length; index < placement.nodeCount; index++) {
    const entry = placement.node(index);
    if (entry !== undefined && ownerKey(entry) === key) add(own, entry);
  }
  return own;
}

const byOwner = new WeakMap<readonly Node[], ReadonlyMap<string, OwnerNodes>>();

function nodesByOwner(nodes: readonly Node[]): ReadonlyMap<string, OwnerNodes> {
  const known = byOwner.get(nodes);
  if (known !== undefined) return known;
  const owners = new Map<string, OwnerNodes>();
  for (const node of nodes) {
    const key = ownerKey(node);
    const own = owners.get(key) ?? { all: 0, busy: 0 };
    owners.set(key, own);
    add(own, node);
  }
  byOwner.set(nodes, owners);
  return owners;
}

function add(own: OwnerNodes, node: Node): void {
  own.all++;
  if (isBusy(node)) own.busy++;
}

function isBusy({ ready, deletionAtMs }: Node): boolean {
  return !ready || deletionAtMs !== undefined;
}

function groupMinimum(placement: Placement, node: Node, removed: () => number, launched: () => number) {
  const { kind, name } = node.owner;
  const group = placement.state.nodeGroups.find((entry) => entry.kind === kind && entry.name === name);
  if (group?.minSize === undefined) return undefined;
  const size = group.desiredSize ?? siblings(placement, node).all;
  const left = size + launched() - removed();
  if (left >= group.minSize) return undefined;
  return refuse('node-group-min', `the group ${name ?? ''} keeps at least ${group.minSize} nodes`, node, {
    minimum: group.minSize,
    left,
  });
}

/** A static NodePool makes up for every node it loses. */
function poolReplicas(placement: Placement, node: Node, removed: () => number, launched: () => number) {
  const pool = poolOf(placement, node);
  if (pool?.replicas === undefined) return undefined;
  const left = siblings(placement, node).all + launched() - removed();
  if (left >= pool.replicas) return undefined;
  return refuse('node-group-min', `the static NodePool ${pool.name} keeps ${pool.replicas} nodes`, node, {
    minimum: pool.replicas,
    left,
  });
}

/** Karpenter's default when a NodePool names no budget. */
const defaultBudgets: readonly NodePoolBudget[] = [{ nodes: '10%' }];

/**
 * The smallest active budget of the pool, for reasons `Underutilized` and `Empty` both, since a drained node is one or the
 * other. Percentages round up; nodes that are NotReady or already going use it up (karpenter disruption/helpers.go, v1.14).
 */
function poolBudgets(placement: Placement, node: Node, inFlight: ReadonlySet<number>, now: number): Reason | undefined {
  const pool = poolOf(placement, node);
  if (pool === undefined) return undefined;
  const { all, busy } = siblings(placement, node);
  const going = busy + siblingsAmong(placement, node, inFlight).filter((entry) => !isBusy(entry)).length;
  for (const budget of pool.budgets ?? defaultBudgets) {
    const applies = budget.reasons === undefined || budget.reasons.some((entry) => entry !== 'Drifted');
    if (!applies || !isActive(budget, now)) continue;
    const allowed = scaledValue(budget.nodes, all) ?? 0;
    if (going > allowed)
      return refuse('nodepool-budget', `the NodePool ${pool.name} lets ${budget.nodes} go at once`, node, {
        allowed,
        going,
      });
  }
  return undefined;
}

function isActive({ schedule, durationSeconds }: NodePoolBudget, now: number): boolean {
  if (schedule === undefined || durationSeconds === undefined) return true;
  // A schedule that cannot be read is taken as active: budgets only ever forbid.
  return cronWindowIsOpen(schedule, durationSeconds, now) ?? true;
}

function policyBudgets(placement: Placement, node: Node, policy: Policy, inFlight: ReadonlySet<number>): Reason[] {
  const { nodes } = placement.state;
  return policy.disruptionBudgets.flatMap((budget) => {
    if (budget.pool !== undefined && budget.pool !== node.owner.name) return [];
    const covered = (entry: Node | undefined) =>
      entry !== undefined && (budget.pool === undefined || entry.owner.name === budget.pool);
    const total = nodes.filter(covered).length;
    const allowed = scaledValue(budget.nodes, total) ?? 0;
    const going = [...inFlight].filter((index) => covered(nodes[index])).length;
    return going <= allowed
      ? []
      : [
          refuse('disruption-budget', `policy.disruptionBudgets lets ${budget.nodes} go at once`, node, {
            allowed,
            going,
          }),
        ];
  });
}

function poolOf(placement: Placement, { owner }: Node): NodePool | undefined {
  if (owner.kind !== 'karpenter' && owner.kind !== 'eks-auto') return undefined;
  return placement.state.nodePools.find((pool) => pool.name === owner.name);
}

function refuse(code: string, why: string, node: Node, numbers: Readonly<Record<string, number>>): Reason {
  return { code, message: `Node ${node.name} cannot go now: ${why}.`, numbers };
}
