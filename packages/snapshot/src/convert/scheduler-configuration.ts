import type { SchedulerFacts, SchedulerProfile } from '@cloudoptim/core';
import { choice, FieldError, filledText, type Json, list, record, records, requiredText } from '../fields.js';
import { groupOf } from '../kinds.js';
import type { Writable } from '../order.js';
import { topologySpread } from './selectors.js';

/** What a KubeSchedulerConfiguration says. */
export interface SchedulerConfiguration {
  readonly facts: SchedulerFacts;
  /**
   * Profiles whose filters are not kube-scheduler's own, and how they differ. They are not among the facts, so that pods of
   * theirs count as scheduled by somebody unknown and stay where they are.
   */
  readonly notModelled: readonly { readonly schedulerName: string; readonly why: string }[];
}

export const schedulerConfigurationKind = 'KubeSchedulerConfiguration';

/** It is a file of the control plane, not an object of the API: it has neither metadata nor a list. */
export function isSchedulerConfiguration(object: Json): boolean {
  return (
    object.kind === schedulerConfigurationKind &&
    typeof object.apiVersion === 'string' &&
    groupOf(object.apiVersion) === 'kubescheduler.config.k8s.io'
  );
}

/**
 * Reads a KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1) with kube-scheduler's defaults for what it leaves out.
 * Of scoring only the strategy of NodeResourcesFit is read; weights change which node is chosen, never which are feasible.
 * Throws FieldError.
 */
export function schedulerConfiguration(object: Json): SchedulerConfiguration {
  const given = records(object, 'profiles', '');
  const sources = given.length > 0 ? given : [{}];
  const profiles: SchedulerProfile[] = [];
  const notModelled: { schedulerName: string; why: string }[] = [];
  const names = new Set<string>();
  for (const [index, source] of sources.entries()) {
    const where = `profiles[${index}]`;
    const schedulerName = nameOf(source, where, sources.length);
    if (names.has(schedulerName)) throw new FieldError(`${where}.schedulerName`, 'another profile has the same name');
    names.add(schedulerName);
    const settings = pluginSettings(source, where);
    const why = foreignFilters(source, where) ?? changedFilters(settings, where);
    if (why !== undefined) notModelled.push({ schedulerName, why });
    else profiles.push(profileOf(schedulerName, settings, where));
  }
  const facts: Writable<SchedulerFacts> = { assumed: false, profiles };
  const extenders = extendersOf(object);
  if (extenders.length > 0) facts.extenders = extenders;
  return { facts, notModelled };
}

/** kube-scheduler fills in the name of an only profile, and refuses several of which one has none. */
function nameOf(profile: Json, where: string, profiles: number): string {
  return profiles === 1
    ? (filledText(profile, 'schedulerName', where) ?? 'default-scheduler')
    : requiredText(profile, 'schedulerName', where);
}

/** `args` by the name of the plugin. */
function pluginSettings(profile: Json, where: string): ReadonlyMap<string, Json> {
  const settings = new Map<string, Json>();
  for (const [index, entry] of records(profile, 'pluginConfig', where).entries()) {
    const path = `${where}.pluginConfig[${index}]`;
    settings.set(requiredText(entry, 'name', path), record(entry, 'args', path) ?? {});
  }
  return settings;
}

function profileOf(schedulerName: string, settings: ReadonlyMap<string, Json>, where: string): SchedulerProfile {
  const strategy = record(settings.get('NodeResourcesFit') ?? {}, 'scoringStrategy', `${where} NodeResourcesFit`) ?? {};
  const strategies = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'] as const;
  const scoringStrategy = choice(strategy, 'type', `${where} NodeResourcesFit.scoringStrategy`, strategies);
  const spread = settings.get('PodTopologySpread') ?? {};
  const at = `${where} PodTopologySpread`;
  const isList = (choice(spread, 'defaultingType', at, ['System', 'List']) ?? 'System') === 'List';
  const constraints = topologySpread(spread, 'defaultConstraints', at) ?? [];
  if (!isList && constraints.length > 0)
    throw new FieldError(`${at}.defaultConstraints`, 'it is read only with defaultingType: List');
  return {
    schedulerName,
    scoringStrategy: scoringStrategy ?? 'LeastAllocated',
    defaultConstraints: isList ? constraints : 'System',
  };
}

/** In-tree plugins that can refuse a node; without one of them, kube-scheduler places pods where we believe it does not. */
const filterPlugins = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
];

/** Every plugin that kube-scheduler brings along, 1.25 to 1.35; another may refuse whatever it likes. */
const inTreePlugins: ReadonlySet<string> = new Set([
  ...filterPlugins,
  'SchedulingGates',
  'PrioritySort',
  'EBSLimits',
  'GCEPDLimits',
  'AzureDiskLimits',
  'DynamicResources',
  'DefaultPreemption',
  'NodeResourcesBalancedAllocation',
  'ImageLocality',
  'DefaultBinder',
  'NodeDeclaredFeatures',
  'GangScheduling',
]);

/** Extension points at which a plugin can keep a pod from a node; scoring, queueing and preemption cannot. */
const refusingPoints = ['multiPoint', 'preEnqueue', 'preFilter', 'filter', 'reserve', 'permit', 'preBind', 'bind'];
const filteringPoints: ReadonlySet<string> = new Set(['multiPoint', 'preFilter', 'filter']);

function foreignFilters(profile: Json, where: string): string | undefined {
  const plugins = record(profile, 'plugins', where) ?? {};
  for (const point of refusingPoints) {
    const path = `${where}.plugins.${point}`;
    const set = record(plugins, point, `${where}.plugins`) ?? {};
    const enabled = pluginNames(set, 'enabled', path);
    const foreign = enabled.find((name) => !inTreePlugins.has(name));
    if (foreign !== undefined) return `it runs ${foreign}, which is no plugin of kube-scheduler's own`;
    if (!filteringPoints.has(point)) continue;
    const disabled = pluginNames(set, 'disabled', path);
    const off = filterPlugins.find(
      (name) => (disabled.includes(name) || disabled.includes('*')) && !enabled.includes(name),
    );
    if (off !== undefined) return `it runs without ${off}`;
  }
  return undefined;
}

function pluginNames(set: Json, key: string, where: string): string[] {
  return records(set, key, where).map((plugin, index) => requiredText(plugin, 'name', `${where}.${key}[${index}]`));
}

function changedFilters(settings: ReadonlyMap<string, Json>, where: string): string | undefined {
  const fit = settings.get('NodeResourcesFit') ?? {};
  for (const key of ['ignoredResources', 'ignoredResourceGroups'])
    if (list(fit, key, `${where} NodeResourcesFit`).length > 0) return `NodeResourcesFit has ${key}`;
  const added = record(settings.get('NodeAffinity') ?? {}, 'addedAffinity', `${where} NodeAffinity`);
  return added === undefined ? undefined : 'NodeAffinity has addedAffinity';
}

/** Extenders that may refuse a node, by what they do: their URLs may hold what a dump must not. */
function extendersOf(object: Json): string[] {
  return records(object, 'extenders', '').flatMap((extender, index) => {
    const verbs = ['filterVerb', 'bindVerb'].filter(
      (verb) => filledText(extender, verb, `extenders[${index}]`) !== undefined,
    );
    return verbs.length === 0 ? [] : [`extenders[${index}] with ${verbs.join(' and ')}`];
  });
}
