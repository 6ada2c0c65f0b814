import type { HostPort, PodAffinityTerm, PodTemplate, Reason, VolumeUse } from '@cloudoptim/core';
import { type AffinityTerm, incomingTerm, resolveTerm } from './affinity-term.js';
import { defaultSpread } from './default-spread.js';
import type { Filter } from './filters/filter.js';
import type { FitAnswer } from './fit-answer.js';
import type { IncomingPod } from './incoming-pod.js';
import type { Labels } from './labels.js';
import { type SpreadConstraint, spreadConstraint } from './spread-constraint.js';
import { unsupportedBecause } from './unsupported.js';
import type { View } from './view.js';

export type EphemeralVolume = Extract<VolumeUse, { kind: 'ephemeral' }>;

/** An incoming pod with everything worked out that does not depend on a node, so that asking about 5,000 nodes does it once. */
export interface PodFacts {
  readonly template: PodTemplate;
  readonly namespace: string;
  readonly labels: Labels;
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  /** Other resources with a request above zero, by name, in the order of their names. */
  readonly extended: readonly (readonly [name: string, amount: number])[];
  readonly hostPorts: readonly HostPort[];
  /** Claims that exist or ought to, by name; claims of ephemeral volumes of a pod that exists already are among them. */
  readonly claims: readonly string[];
  /** Those of them that the pod names itself: some plugins never look at the claims of ephemeral volumes. */
  readonly mountedClaims: readonly string[];
  /** Claims by name and ephemeral volumes that have none yet, in the pod's order: the first of two alike takes its volume first. */
  readonly claimed: readonly (string | EphemeralVolume)[];
  /** Ephemeral volumes whose claims will be made with the pod. */
  readonly freshVolumes: readonly EphemeralVolume[];
  readonly inlineEbsVolumes: readonly string[];
  /** Only `DoNotSchedule`: `ScheduleAnyway` scores and never filters. */
  readonly spread: readonly SpreadConstraint[];
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  readonly pinnedNode: string | undefined;
  readonly unsupported: Reason | undefined;
  /** Answers of the filters that look only at the node object, by node: twice the node's version, plus one for yes. */
  readonly nodeAnswers: number[];
  /** Bound pods' anti-affinity terms that select this pod, and how many terms had been looked at. */
  readonly against: { terms: number[]; seen: number };
  /** Refusal of the whole pod and the filters that can bear on it, worked out when first asked for. */
  asked: AskedFacts | undefined;
  /** What it would rather be spread by, by workload, worked out when first asked for: the defaults follow services and owners. */
  soft: Map<number, SoftSpread> | undefined;
  /** What it and bound pods prefer of each other, worked out when first asked for. */
  wishes: Wishes | undefined;
}

/** A term that is preferred (or, below zero, shunned) by so much. */
export interface WeightedTerm {
  readonly term: AffinityTerm;
  readonly weight: number;
}

export interface Wishes {
  readonly own: readonly WeightedTerm[];
  /** Terms that select, its own and theirs, by template of bound pods that have just its labels. */
  readonly byTemplate: readonly (readonly [template: number, wishes: readonly WeightedTerm[]])[];
  /** The same of pods that have labels of their own, by template and those labels: filled as they are met. */
  readonly byOwnLabels: Map<number, WeakMap<Labels, readonly WeightedTerm[]>>;
}

export interface SoftSpread {
  readonly constraints: readonly SpreadConstraint[];
  /** Whether a node without one of the topologies is left out. */
  readonly allKeys: boolean;
}

export interface AskedFacts {
  readonly everywhere: Extract<FitAnswer, { answer: 'infeasible' }> | undefined;
  readonly filters: readonly Filter[];
}

/** Works out the facts of a pod. `nodeAnswers` are shared by pods to which nodes' objects say the same. */
export function podFacts(pod: IncomingPod, view: View, nodeAnswers: number[] = []): PodFacts {
  const template = view.state.podTemplates[pod.template];
  if (template === undefined)
    throw new RangeError(`Pod ${pod.name ?? ''} refers to template ${pod.template}, which the state does not have.`);
  const { namespace, needs } = template;
  const extra = pod.extra ?? {};
  const labels = extra.labels === undefined ? template.labels : { ...template.labels, ...extra.labels };
  // Claims of its own that no volume of the template stands for come first: their place is not known.
  const own = new Set(extra.claims);
  const mounted: string[] = [];
  const inOrder: (string | EphemeralVolume)[] = [];
  const inlineEbsVolumes: string[] = [];
  for (const volume of template.volumes ?? []) {
    if (volume.kind === 'claim') {
      mounted.push(volume.claim);
      inOrder.push(volume.claim);
    } else if (volume.kind === 'aws-ebs') inlineEbsVolumes.push(volume.volumeId);
    else if (volume.kind === 'ephemeral') {
      const claim = `${pod.name}-${volume.volume}`;
      inOrder.push(own.delete(claim) ? claim : volume);
    }
  }
  const claimed = [...new Set([...own, ...inOrder])];
  const claims = claimed.filter((one) => typeof one === 'string');
  const freshVolumes = claimed.filter((one) => typeof one !== 'string');
  const resolve = (term: PodAffinityTerm) => resolveTerm(incomingTerm(term, view.state), namespace, labels);
  const constraints = (template.topologySpread ?? []).filter((entry) => entry.whenUnsatisfiable === 'DoNotSchedule');
  const spread =
    (template.topologySpread ?? []).length > 0
      ? constraints.map((constraint) => spreadConstraint(constraint, namespace, labels, view))
      : defaultSpread(pod, template, labels, view);
  return {
    template,
    namespace,
    labels,
    cpuMillicores: needs.cpuMillicores,
    memoryBytes: needs.memoryBytes,
    ephemeralStorageBytes: needs.ephemeralStorageBytes ?? 0,
    extended: Object.entries(needs.extended ?? {})
      .filter(([, amount]) => amount > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    hostPorts: (template.hostPorts ?? []).filter((port) => port.port > 0),
    claims,
    mountedClaims: [...new Set([...own, ...mounted])],
    claimed,
    freshVolumes,
    inlineEbsVolumes,
    spread,
    affinity: (template.podAffinity?.required ?? []).map(resolve),
    antiAffinity: (template.podAntiAffinity?.required ?? []).map(resolve),
    pinnedNode: extra.pinnedNode,
    unsupported: unsupportedBecause(pod, template, claims, freshVolumes, view),
    nodeAnswers,
    against: { terms: [], seen: 0 },
    asked: undefined,
    soft: undefined,
    wishes: undefined,
  };
}
