import {
  type Action,
  type ActionGroup,
  type ClusterState,
  createPriceBook,
  type Draft,
  type DrainedPods,
  defaultPolicy,
  type Estimate,
  type Intent,
  type Market,
  type Node,
  type NodeRef,
  type Offering,
  type Plan,
  type Policy,
} from '@cloudoptim/core';
import { verifyPlan } from '../../src/index.js';
import { takenAtMs } from './build.js';

const prices: Readonly<Record<string, number>> = { 'm5.large': 0.1, 'm5.xlarge': 0.2, 'm5.2xlarge': 0.4 };

/** On-demand prices of three sizes in three zones. */
export const market: Market = {
  schema: 'market/v1',
  asOfMs: takenAtMs,
  region: 'us-east-1',
  currency: 'USD',
  offerings: ['us-east-1a', 'us-east-1b', 'us-east-1c'].flatMap((zone) =>
    Object.entries(prices).map(
      ([instanceType, priceUsdPerHour]): Offering => ({
        instanceType,
        zone,
        capacityType: 'on-demand',
        priceUsdPerHour,
      }),
    ),
  ),
  instanceTypes: [],
};

const because = [{ code: 'test', message: 'A test asks for it.' }] as const;

/** A plan of intents, sealed by hand: each action waits for the one before it in its group; figures from the market. */
export function planOf(
  state: ClusterState,
  groups: readonly (readonly Intent[])[],
  options: { readonly after?: readonly (readonly number[])[]; readonly change?: Partial<Plan> } = {},
): Plan {
  const book = createPriceBook(market);
  const current = round(state.nodes.reduce((sum, node) => sum + (book.nodeUsdPerHour(node) ?? 0), 0));
  const sealed = groups.map((intents, at): ActionGroup => {
    const saved = intents.reduce((sum, intent) => sum - changeOf(intent, state), 0);
    return {
      id: `g${at + 1}`,
      dependsOn: (options.after?.[at] ?? []).map((other) => `g${other + 1}`),
      actions: intents.map((intent, position) => sealedAction(intent, `g${at + 1}.a${position + 1}`, position, at)),
      savingsUsdPerHour: exactly(round(saved)),
    };
  });
  const savings = round(sealed.reduce((sum, group) => sum + group.savingsUsdPerHour.point, 0));
  return {
    schema: 'plan/v1',
    contractVersion: 'v1',
    id: 'plan',
    engine: { id: 'test', version: '0.0.0' },
    considers: ['nodes'],
    createdAtMs: takenAtMs,
    validUntilMs: takenAtMs + 3_600_000,
    seed: 0,
    groups: sealed,
    maxGroupsInFlight: 1,
    rejections: [],
    currentUsdPerHour: current,
    projectedUsdPerHour: exactly(round(current - savings)),
    savingsUsdPerHour: exactly(savings),
    unpriced: [],
    truncated: false,
    ...options.change,
  };
}

function sealedAction(intent: Intent, id: string, position: number, group: number): Action {
  const draft: Draft = { ...intent, reasons: because };
  return {
    ...draft,
    id,
    dependsOn: position === 0 ? [] : [`g${group + 1}.a${position}`],
    expect: [],
    deadlineSeconds: 1800,
    onFailure: 'stop-group',
  };
}

function changeOf(intent: Intent, state: ClusterState): number {
  const book = createPriceBook(market);
  if (intent.kind === 'launch-node') return book.usdPerHour(intent.offerings[0]) ?? 0;
  if (intent.kind !== 'terminate-node' && intent.kind !== 'delete-nodeclaim') return 0;
  const node = state.nodes.find((entry) => 'uid' in intent.node && entry.uid === intent.node.uid);
  return node === undefined ? 0 : -(book.nodeUsdPerHour(node) ?? 0);
}

function exactly(point: number): Estimate {
  return { point, lower: point, upper: point, confidence: 1, basis: 'prices' };
}

function round(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}

/** The intents that take a node away: cordon, drain where pods are listed, and removal through its owner. */
export function removalOf(node: Node, pods: readonly DrainedPods[] = []): Intent[] {
  const ref: NodeRef = { uid: node.uid };
  const last: Intent =
    node.owner.nodeClaim === undefined
      ? { kind: 'terminate-node', node: ref, via: node.owner }
      : { kind: 'delete-nodeclaim', node: ref, nodeClaim: node.owner.nodeClaim, via: node.owner };
  return [
    { kind: 'cordon-node', node: ref },
    ...(pods.length === 0 ? [] : [{ kind: 'drain-node' as const, node: ref, pods }]),
    last,
  ];
}

/** Every pod of one template on a node, expected on another. */
export function drained(template: number, count: number, to?: Node): DrainedPods {
  return { template, count, expected: to === undefined ? [] : [{ node: { uid: to.uid }, count }] };
}

/** A launch of an m5.large in zone a for the default Karpenter pool. */
export function launchOf(key: string, change: Partial<Extract<Intent, { kind: 'launch-node' }>> = {}): Intent {
  return {
    kind: 'launch-node',
    key,
    template: {
      labels: {},
      taints: [],
      startupTaints: [],
      architecture: 'amd64',
      operatingSystem: 'linux',
      zones: ['us-east-1a', 'us-east-1b'],
      csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 25 }],
      inferred: false,
    },
    offerings: [{ instanceType: 'm5.large', zone: 'us-east-1a', capacityType: 'on-demand', priceCapUsdPerHour: 0.11 }],
    assumedAllocatable: {
      cpuMillicores: 1900,
      memoryBytes: 7 * 1024 ** 3,
      ephemeralStorageBytes: 20 * 1024 ** 3,
      pods: 29,
    },
    via: { kind: 'karpenter', name: 'default' },
    ...change,
  };
}

/** Policy with changes at any depth of its objects. */
export function policy(change: { readonly [K in keyof Policy]?: Partial<Policy[K]> | Policy[K] } = {}): Policy {
  const merged: Record<string, unknown> = { ...defaultPolicy };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    const isObject = typeof before === 'object' && before !== null && !Array.isArray(before);
    merged[key] = isObject ? { ...before, ...(value as object) } : value;
  }
  return merged as unknown as Policy;
}

export function verify(state: ClusterState, plan: Plan, allowed: Policy = policy(), seed = 1) {
  return verifyPlan(state, market, allowed, plan, { now: takenAtMs, seed });
}

/** Codes of all refusals, each once, in order. */
export function codesOf(verification: ReturnType<typeof verify>): string[] {
  return [...new Set(verification.refusals.map(({ reason }) => reason.code))].sort();
}
