import type { ClusterState, Node, NodeResources, NodeTemplate, Policy } from '@cloudoptim/core';
import { type Candidate, sameKind } from './choose-offerings.js';
import { covers } from './compare-resources.js';
import type { LaunchPool } from './launch-pool.js';
import type { LaunchChoice } from './working-cluster.js';

/** A launch fully decided: what is asked for, and what the new node is assumed to be whichever offering comes. */
export interface Launchable extends LaunchChoice {
  readonly launchPool: LaunchPool;
  /** Cheapest first; each offers at least `assumedAllocatable`. */
  readonly offerings: readonly [Candidate, ...Candidate[]];
  readonly template: NodeTemplate;
  readonly assumedAllocatable: NodeResources;
  /** Of the cheapest and of the dearest offering listed. */
  readonly usdPerHour: number;
  readonly dearestUsdPerHour: number;
}

export interface LaunchLimits {
  readonly policy: Policy;
  /** Most offerings listed. */
  readonly maxOfferings: number;
  /** Every listed price stays below: what the nodes that go cost. */
  readonly belowUsdPerHour: number;
}

/**
 * Lists, beside the offering wanted, others that are as large in every way and not much dearer: a launch that names one type
 * alone fails when that type is out of stock. Undefined when the pool asks for more variety (`minValues`) than there is.
 */
export function launchable(
  state: ClusterState,
  launchPool: LaunchPool,
  wanted: Candidate,
  among: readonly Candidate[],
  { policy, maxOfferings, belowUsdPerHour }: LaunchLimits,
): Launchable | undefined {
  const ceiling = wanted.usdPerHour * (1 + policy.pricePremiumCap);
  const others: Candidate[] = [];
  // `among` is sorted by price: only a short stretch of it is looked at.
  for (let position = among.indexOf(wanted) + 1; position < among.length; position++) {
    const other = among[position] as Candidate;
    if (other.usdPerHour > ceiling || other.usdPerHour >= belowUsdPerHour || others.length + 1 >= maxOfferings) break;
    if (sameKind(other, wanted) && covers(other.allocatable, wanted.allocatable)) others.push(other);
  }
  const offerings: [Candidate, ...Candidate[]] = [wanted, ...others];
  for (const { key, minValues = 0 } of launchPool.pool.requirements ?? []) {
    if (new Set(offerings.map(({ labels }) => labels[key])).size < minValues) return undefined;
  }
  const templates = templatesOf(among, wanted);
  const template = templates[others.length] ?? templateOf(state, launchPool, offerings);
  templates[others.length] = template;
  return {
    launchPool,
    offerings,
    template,
    assumedAllocatable: wanted.allocatable,
    usdPerHour: wanted.usdPerHour,
    dearestUsdPerHour: Math.max(...offerings.map(({ usdPerHour }) => usdPerHour)),
  };
}

/** By list of candidates, the one wanted, and how many others are listed with it, which are always the first ones: a search tries the same tens of thousands of times. */
const known = new WeakMap<readonly Candidate[], Map<Candidate, NodeTemplate[]>>();

function templatesOf(among: readonly Candidate[], wanted: Candidate): NodeTemplate[] {
  const ofList = known.get(among) ?? new Map<Candidate, NodeTemplate[]>();
  known.set(among, ofList);
  const templates = ofList.get(wanted) ?? [];
  ofList.set(wanted, templates);
  return templates;
}

function templateOf(
  state: ClusterState,
  launchPool: LaunchPool,
  offerings: readonly [Candidate, ...Candidate[]],
): NodeTemplate {
  const [{ architecture, offering }] = offerings;
  const driver = volumeDriver(state, launchPool, offerings);
  return {
    labels: commonLabels(offerings),
    taints: launchPool.taints,
    startupTaints: launchPool.startupTaints,
    architecture,
    operatingSystem: 'linux',
    zones: [offering.zone],
    ...(launchPool.nodeClass?.amiFamily !== undefined && { amiFamily: launchPool.nodeClass.amiFamily }),
    ...(launchPool.nodeClass?.rootVolumeBytes !== undefined && {
      rootVolumeBytes: launchPool.nodeClass.rootVolumeBytes,
    }),
    ...(driver.length > 0 && { csiDrivers: driver }),
    inferred: false,
  };
}

/**
 * The node that the launch brings, as the scheduler will see it. `name` stands in for the name that EC2 will give. The same object
 * while it is asked for again, also for another launch like it: what is remembered of a node serves the next try.
 */
export function launchedNode(name: string, choice: Launchable, nowMs: number): Node {
  let node = launched.get(choice.template);
  if (node?.name !== name || node.createdAtMs !== nowMs) {
    node = newNode(name, choice, nowMs);
    launched.set(choice.template, node);
  }
  return node;
}

/** The last one of each template, which says of what type and size it is. */
const launched = new WeakMap<NodeTemplate, Node>();

function newNode(
  name: string,
  { launchPool, template, assumedAllocatable, offerings }: Launchable,
  nowMs: number,
): Node {
  const { offering } = offerings[0];
  const autoscaler = launchPool.via.kind === 'eks-auto' ? 'eks-auto' : 'karpenter';
  return {
    uid: name,
    name,
    createdAtMs: nowMs,
    labels: { ...template.labels, 'kubernetes.io/hostname': name },
    ...(template.taints.length > 0 && { taints: template.taints }),
    ready: true,
    readySinceMs: nowMs,
    allocatable: assumedAllocatable,
    instanceType: offering.instanceType,
    zone: offering.zone,
    capacityType: offering.capacityType,
    owner: launchPool.via,
    autoscaler,
    ...(template.csiDrivers && { csiDrivers: template.csiDrivers }),
  };
}

/** Labels that the node has whichever offering comes. */
function commonLabels(offerings: readonly Candidate[]): Record<string, string> {
  const [first, ...others] = offerings;
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(([key, value]) => others.every(({ labels }) => labels[key] === value)),
  );
}

/** The CSI drivers that nodes of the pool run; EBS with the attachments of the smallest offering. */
function volumeDriver(state: ClusterState, pool: LaunchPool, offerings: readonly Candidate[]) {
  const { via } = pool;
  let drivers = driversOfPool.get(pool);
  if (drivers === undefined) {
    const sibling = state.nodes.find(
      ({ owner, csiDrivers }) => owner.kind === via.kind && owner.name === via.name && csiDrivers !== undefined,
    );
    drivers = sibling?.csiDrivers ?? [];
    driversOfPool.set(pool, drivers);
  }
  const limits = offerings.map(({ volumeLimit }) => volumeLimit);
  const known = limits.every((limit) => limit !== undefined) ? Math.min(...(limits as number[])) : undefined;
  return drivers.map((driver) =>
    driver.name === 'ebs.csi.aws.com' && known !== undefined
      ? { name: driver.name, allocatableCount: Math.min(known, driver.allocatableCount ?? known) }
      : driver,
  );
}

/** Looked up once a pool: a search decides on launches thousands of times. */
const driversOfPool = new WeakMap<LaunchPool, NonNullable<Node['csiDrivers']>>();
