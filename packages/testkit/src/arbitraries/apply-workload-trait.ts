import type { PodAffinity, PodTemplate } from '@cloudoptim/core';
import type { ClusterBuilder } from '../builder/cluster-builder.js';
import { testZones } from '../builder/instance-shapes.js';
import type { WorkloadSpec } from '../builder/workload-spec.js';
import type { AffinityShape, WorkloadTrait } from './workload-trait.js';

/** What a trait may need to know of the cluster around its workload. */
export interface TraitSurroundings {
  readonly cluster: ClusterBuilder;
  /** `app` labels of all workloads, in order, and the position of this one. */
  readonly apps: readonly string[];
  readonly position: number;
  readonly nodeNames: readonly string[];
  /** Tells traits of one workload apart. */
  readonly ordinal: number;
}

/** The description of a workload with one trait more; claims, budgets and autoscalers go straight into the cluster. */
export function applyWorkloadTrait(spec: WorkloadSpec, trait: WorkloadTrait, around: TraitSurroundings): WorkloadSpec {
  const namespace = spec.namespace ?? 'default';
  const app = around.apps[around.position] as string;
  const name = `${spec.name}-${around.ordinal}`;
  switch (trait.trait) {
    case 'template':
      return withTemplate(spec, trait.change);
    case 'workload':
      return { ...spec, workload: { ...spec.workload, ...trait.change } };
    case 'extra':
      // Static pods have no controller but the kubelet.
      if (trait.change.mirror) return { ...spec, kind: 'Pod', replicas: 1, extra: { ...spec.extra, ...trait.change } };
      return { ...spec, extra: { ...spec.extra, ...trait.change } };
    case 'budget':
      around.cluster.addBudget({ selector: { matchLabels: { app } }, ...trait.change, namespace, name });
      return spec;
    case 'autoscaler': {
      if (spec.kind !== undefined && spec.kind !== 'Deployment') return spec;
      const replicas = spec.replicas ?? 1;
      around.cluster.addAutoscaler({
        namespace,
        name,
        target: { kind: 'Deployment', namespace, name: spec.name },
        minReplicas: 1,
        maxReplicas: replicas + 5,
        currentReplicas: replicas,
        desiredReplicas: trait.moving ? replicas + 1 : replicas,
        utilisationOf: ['cpu'],
      });
      return spec;
    }
    case 'volume': {
      const zone = testZones[trait.zone] as string;
      const volume = { namespace, zone, accessModes: trait.modes };
      if (!trait.perPod) {
        around.cluster.addVolume({ ...volume, claim: name });
        return withVolume(spec, name);
      }
      for (let ordinal = 0; ordinal < (spec.replicas ?? 1); ordinal++) {
        around.cluster.addVolume({ ...volume, claim: `${name}-${podName(spec, ordinal)}` });
      }
      return { ...spec, extra: { ...spec.extra, claims: [...(spec.extra?.claims ?? []), `${name}-$pod`] } };
    }
    case 'unbound-claim':
      around.cluster.addUnboundClaim(name, 'gp3', namespace);
      return withVolume(spec, name);
    case 'local-volume': {
      const node = around.nodeNames[trait.zone % Math.max(1, around.nodeNames.length)];
      if (node === undefined) return spec;
      around.cluster.addVolume({ namespace, claim: name, node, storageClass: 'local' });
      return withVolume(spec, name);
    }
    case 'spread':
      return withTemplate(spec, {
        topologySpread: [
          ...(spec.template?.topologySpread ?? []),
          { ...trait.constraint, labelSelector: { matchLabels: { app } } },
        ],
      });
    case 'affinity': {
      const toward = around.apps[(around.position + trait.term.toward) % around.apps.length] as string;
      const field = trait.anti ? 'podAntiAffinity' : 'podAffinity';
      return withTemplate(spec, { [field]: withTerm(spec.template?.[field], trait.term, toward) });
    }
  }
}

function withTemplate(spec: WorkloadSpec, change: Partial<PodTemplate>): WorkloadSpec {
  const before = spec.template ?? {};
  const labels = change.labels && { labels: { ...before.labels, ...change.labels } };
  const annotations = change.annotations && { annotations: { ...before.annotations, ...change.annotations } };
  const volumes = change.volumes && { volumes: [...(before.volumes ?? []), ...change.volumes] };
  const needs = change.needs && { containers: [{ name: 'main', requests: change.needs }] };
  return { ...spec, template: { ...before, ...change, ...needs, ...labels, ...annotations, ...volumes } };
}

function withVolume(spec: WorkloadSpec, claim: string): WorkloadSpec {
  return withTemplate(spec, { volumes: [{ kind: 'claim', claim }] });
}

function withTerm(before: PodAffinity | undefined, shape: AffinityShape, app: string): PodAffinity {
  const { toward: _position, preferred, ...rest } = shape;
  const term = { ...rest, labelSelector: { matchLabels: { app } } };
  return preferred
    ? { ...before, preferred: [...(before?.preferred ?? []), { weight: 10, term }] }
    : { ...before, required: [...(before?.required ?? []), term] };
}

/** As the builder names the pods of a workload. */
function podName(spec: WorkloadSpec, ordinal: number): string {
  return spec.kind === 'Pod' && (spec.replicas ?? 1) === 1 ? spec.name : `${spec.name}-${ordinal}`;
}
