import type { LabelSelector, NodeSelector, PodTemplate } from '@cloudoptim/core';
import type { NodeRow } from './node.js';
import { placeLabels } from './storage.js';

/**
 * Node labels that follow from the instance type or the image, or repeat another label. On 5,000 nodes they are several
 * megabytes; they are kept only where something in the cluster selects by them, so no placement changes.
 */
const derivable: ReadonlySet<string> = new Set([
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.ebs.csi.aws.com/zone',
  'topology.k8s.aws/zone-id',
  'k8s.io/cloud-provider-aws',
  'alpha.eksctl.io/instance-id',
  'eks.amazonaws.com/nodegroup-image',
  'eks.amazonaws.com/sourceLaunchTemplateId',
  'eks.amazonaws.com/sourceLaunchTemplateVersion',
  'karpenter.k8s.aws/ec2nodeclass',
  'karpenter.sh/registered',
  'karpenter.sh/initialized',
  'karpenter.sh/do-not-sync-taints',
]);
const derivablePrefix = 'karpenter.k8s.aws/instance-';

function isDerivable(key: string): boolean {
  return derivable.has(key) || key.startsWith(derivablePrefix);
}

/** Gathers the derivable labels that anything selects by. */
export class SelectedLabels {
  private readonly keys = new Set<string>();

  /** Every label key by which a pod of this template is placed. */
  addTemplate(template: PodTemplate): void {
    for (const key of Object.keys(template.nodeSelector ?? {})) this.add(key);
    this.addNodeSelector(template.nodeAffinity?.required);
    for (const { preference } of template.nodeAffinity?.preferred ?? [])
      for (const { key } of preference.matchExpressions ?? []) this.add(key);
    for (const affinity of [template.podAffinity, template.podAntiAffinity]) {
      for (const term of affinity?.required ?? []) this.add(term.topologyKey);
      for (const { term } of affinity?.preferred ?? []) this.add(term.topologyKey);
    }
    for (const { topologyKey } of template.topologySpread ?? []) this.add(topologyKey);
  }

  addNodeSelector(selector: NodeSelector | undefined): void {
    for (const term of selector?.nodeSelectorTerms ?? [])
      for (const { key } of term.matchExpressions ?? []) this.add(key);
  }

  /**
   * What a volume is labelled with is compared with the node's labels of the same kind, under the old names and the new; and
   * whether a node says of any place at all decides as well.
   */
  addVolumeLabels(labels: NodeRow['labels'] | undefined): void {
    if (placeLabels.some((key) => Object.hasOwn(labels ?? {}, key))) for (const key of placeLabels) this.add(key);
  }

  addLabelSelector(selector: LabelSelector | undefined): void {
    for (const key of Object.keys(selector?.matchLabels ?? {})) this.add(key);
    for (const { key } of selector?.matchExpressions ?? []) this.add(key);
  }

  add(key: string): void {
    if (isDerivable(key)) this.keys.add(key);
  }

  /** The labels of a node without those that say nothing new. */
  thin(labels: NodeRow['labels']): NodeRow['labels'] {
    return Object.fromEntries(Object.entries(labels).filter(([key]) => !isDerivable(key) || this.keys.has(key)));
  }
}
