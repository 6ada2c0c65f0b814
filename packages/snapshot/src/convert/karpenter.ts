import type {
  NodeClaim,
  NodeClass,
  NodeOverlay,
  NodePool,
  NodePoolBudget,
  NodePoolRequirement,
} from '@cloudoptim/core';
import {
  FieldError,
  filledText,
  integer,
  type Json,
  record,
  records,
  requiredRecord,
  requiredText,
  text,
  textMap,
  texts,
} from '../fields.js';
import type { ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { goDurationSeconds } from './go-duration.js';
import { capacityTypeOf } from './node-placement.js';
import { amountsByName, quantityBytes } from './quantities.js';
import { nodeRequirement, nodeRequirements, taints } from './selectors.js';

/** karpenter.sh/v1 and v1beta1 (pkg/apis/v1/nodepool.go). */
export function nodePool(object: Json, meta: ObjectMeta): NodePool {
  const spec = requiredRecord(object, 'spec', '');
  const template = record(spec, 'template', 'spec') ?? {};
  const templateMeta = record(template, 'metadata', 'spec.template') ?? {};
  const nodeSpec = record(template, 'spec', 'spec.template') ?? {};
  const disruption = record(spec, 'disruption', 'spec') ?? {};
  const where = 'spec.template.spec';
  const pool: Writable<NodePool> = { name: meta.name };
  if (meta.uid !== undefined) pool.uid = meta.uid;
  const weight = integer(spec, 'weight', 'spec');
  const labels = textMap(templateMeta, 'labels', 'spec.template.metadata');
  const tainted = taints(nodeSpec, 'taints', where);
  const startupTaints = taints(nodeSpec, 'startupTaints', where);
  const requirements = poolRequirements(nodeSpec, where);
  const limits = amountsByName(spec, 'limits', 'spec');
  const usage = amountsByName(record(object, 'status', '') ?? {}, 'resources', 'status');
  const replicas = integer(spec, 'replicas', 'spec');
  const policy = filledText(disruption, 'consolidationPolicy', 'spec.disruption');
  const after = durationOrNever(disruption, 'consolidateAfter', 'spec.disruption');
  const budgets = poolBudgets(disruption);
  const reference = record(nodeSpec, 'nodeClassRef', where);
  const expireWritten = durationOrNever(nodeSpec, 'expireAfter', where);
  // v1beta1 had it under disruption. Null is `Never`, and no reason to look there.
  const expireAfter =
    expireWritten === undefined ? durationOrNever(disruption, 'expireAfter', 'spec.disruption') : expireWritten;
  const grace = durationOrNever(nodeSpec, 'terminationGracePeriod', where);
  if (weight !== undefined) pool.weight = weight;
  if (labels !== undefined) pool.labels = labels;
  if (tainted !== undefined) pool.taints = tainted;
  if (startupTaints !== undefined) pool.startupTaints = startupTaints;
  if (requirements !== undefined) pool.requirements = requirements;
  if (limits !== undefined) pool.limits = limits;
  if (usage !== undefined) pool.usage = usage;
  if (replicas !== undefined) pool.replicas = replicas;
  if (policy !== undefined) pool.consolidationPolicy = policy;
  if (after !== undefined) pool.consolidateAfterSeconds = after;
  if (budgets !== undefined) pool.budgets = budgets;
  if (reference !== undefined)
    pool.nodeClass = {
      kind: text(reference, 'kind', `${where}.nodeClassRef`) ?? 'EC2NodeClass',
      name: requiredText(reference, 'name', `${where}.nodeClassRef`),
    };
  if (expireAfter !== undefined) pool.expireAfterSeconds = expireAfter;
  if (grace !== undefined && grace !== null) pool.terminationGracePeriodSeconds = grace;
  return pool;
}

export function nodeClaim(object: Json, meta: ObjectMeta): NodeClaim {
  const status = record(object, 'status', '') ?? {};
  const claim: Writable<NodeClaim> = { name: meta.name };
  if (meta.uid !== undefined) claim.uid = meta.uid;
  const labels = meta.labels ?? {};
  const nodeName = filledText(status, 'nodeName', 'status');
  const providerId = filledText(status, 'providerID', 'status');
  const capacityType = capacityTypeOf(labels);
  const pool = labels['karpenter.sh/nodepool'];
  const instanceType = labels['node.kubernetes.io/instance-type'];
  const zone = labels['topology.kubernetes.io/zone'];
  if (pool !== undefined) claim.nodePool = pool;
  if (nodeName !== undefined) claim.nodeName = nodeName;
  if (providerId !== undefined) claim.providerId = providerId;
  if (instanceType !== undefined) claim.instanceType = instanceType;
  if (zone !== undefined) claim.zone = zone;
  if (capacityType !== undefined) claim.capacityType = capacityType;
  const initialized = records(status, 'conditions', 'status').find((condition) => condition.type === 'Initialized');
  if (initialized !== undefined) claim.initialized = initialized.status === 'True';
  if (meta.deletionAtMs !== undefined) claim.deletionAtMs = meta.deletionAtMs;
  return claim;
}

/** EC2NodeClass (karpenter.k8s.aws) and NodeClass of EKS Auto Mode (eks.amazonaws.com). */
export function nodeClass(object: Json, meta: ObjectMeta): NodeClass {
  const spec = record(object, 'spec', '') ?? {};
  const kubelet = record(spec, 'kubelet', 'spec') ?? {};
  const result: Writable<NodeClass> = { kind: meta.kind, name: meta.name };
  const amiFamily = filledText(spec, 'amiFamily', 'spec') ?? aliasFamily(spec);
  const zones = subnetZones(record(object, 'status', '') ?? {});
  const rootVolumeBytes = rootVolume(spec);
  const maxPods = integer(kubelet, 'maxPods', 'spec.kubelet');
  const podsPerCore = integer(kubelet, 'podsPerCore', 'spec.kubelet');
  const kubeReserved = textMap(kubelet, 'kubeReserved', 'spec.kubelet');
  const systemReserved = textMap(kubelet, 'systemReserved', 'spec.kubelet');
  const evictionHard = textMap(kubelet, 'evictionHard', 'spec.kubelet');
  if (amiFamily !== undefined) result.amiFamily = amiFamily;
  if (zones !== undefined) result.zones = zones;
  if (rootVolumeBytes !== undefined) result.rootVolumeBytes = rootVolumeBytes;
  if (maxPods !== undefined) result.maxPods = maxPods;
  if (podsPerCore !== undefined) result.podsPerCore = podsPerCore;
  if (kubeReserved !== undefined) result.kubeReserved = kubeReserved;
  if (systemReserved !== undefined) result.systemReserved = systemReserved;
  if (evictionHard !== undefined) result.evictionHard = evictionHard;
  return result;
}

export function nodeOverlay(object: Json, meta: ObjectMeta): NodeOverlay {
  const spec = requiredRecord(object, 'spec', '');
  const overlay: Writable<NodeOverlay> = { name: meta.name };
  const weight = integer(spec, 'weight', 'spec');
  const requirements = nodeRequirements(spec, 'requirements', 'spec');
  const price = filledText(spec, 'price', 'spec');
  const adjustment = filledText(spec, 'priceAdjustment', 'spec');
  const capacity = amountsByName(spec, 'capacity', 'spec');
  if (weight !== undefined) overlay.weight = weight;
  if (requirements !== undefined) overlay.requirements = requirements;
  if (price !== undefined) overlay.price = price;
  if (adjustment !== undefined) overlay.priceAdjustment = adjustment;
  if (capacity !== undefined) overlay.capacity = capacity;
  return overlay;
}

function poolRequirements(nodeSpec: Json, where: string): NodePoolRequirement[] | undefined {
  const sources = records(nodeSpec, 'requirements', where);
  if (sources.length === 0) return undefined;
  return sources.map((source) => {
    const requirement = nodeRequirement(source, `${where}.requirements[]`);
    const minValues = integer(source, 'minValues', `${where}.requirements[]`);
    return minValues === undefined ? requirement : { ...requirement, minValues };
  });
}

/** An empty list forbids nothing and is not the default of one 10 % budget: undefined only when the field is absent. */
function poolBudgets(disruption: Json): NodePoolBudget[] | undefined {
  if (disruption.budgets === undefined || disruption.budgets === null) return undefined;
  return records(disruption, 'budgets', 'spec.disruption').map((source) => {
    const where = 'spec.disruption.budgets[]';
    const budget: Writable<NodePoolBudget> = { nodes: filledText(source, 'nodes', where) ?? '10%' };
    const reasons = texts(source, 'reasons', where);
    const schedule = filledText(source, 'schedule', where);
    const duration = durationOrNever(source, 'duration', where);
    if (reasons !== undefined) budget.reasons = reasons;
    if (schedule !== undefined) budget.schedule = schedule;
    if (duration !== undefined && duration !== null) budget.durationSeconds = duration;
    return budget;
  });
}

/** Seconds of a Go duration, null for `Never`. */
function durationOrNever(object: Json, key: string, where: string): number | null | undefined {
  const value = filledText(object, key, where);
  if (value === undefined) return undefined;
  if (value === 'Never') return null;
  const seconds = goDurationSeconds(value);
  if (seconds === undefined) throw new FieldError(`${where}.${key}`, `"${value}" is no duration such as 1h30m`);
  return seconds;
}

/** `al2023@v20240807` names the family. */
function aliasFamily(spec: Json): string | undefined {
  for (const term of records(spec, 'amiSelectorTerms', 'spec')) {
    const alias = filledText(term, 'alias', 'spec.amiSelectorTerms[]');
    if (alias !== undefined) return alias.split('@')[0];
  }
  return undefined;
}

function subnetZones(status: Json): string[] | undefined {
  const zones = new Set<string>();
  for (const subnet of records(status, 'subnets', 'status')) {
    const zone = filledText(subnet, 'zone', 'status.subnets[]');
    if (zone !== undefined) zones.add(zone);
  }
  return zones.size === 0 ? undefined : [...zones].sort();
}

function rootVolume(spec: Json): number | undefined {
  const mappings = records(spec, 'blockDeviceMappings', 'spec');
  const root =
    mappings.find((mapping) => mapping.rootVolume === true) ?? (mappings.length === 1 ? mappings[0] : undefined);
  const ebs = root === undefined ? undefined : record(root, 'ebs', 'spec.blockDeviceMappings[]');
  const bytes = quantityBytes(ebs, 'volumeSize', 'spec.blockDeviceMappings[].ebs');
  const ephemeral = record(spec, 'ephemeralStorage', 'spec');
  return bytes ?? quantityBytes(ephemeral, 'size', 'spec.ephemeralStorage');
}
