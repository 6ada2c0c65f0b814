/** Kubernetes selector shapes, spelled as in the Kubernetes API so that manifests read the same here. */

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** Selects by labels. Empty (`{}`) selects everything; an absent selector selects nothing: the two are never interchangeable. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

/** Requirements that must all hold. A term without any requirement matches no node (kube-scheduler). */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

/** Terms of which at least one must match. */
export interface NodeSelector {
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
}

export interface NodeAffinity {
  readonly required?: NodeSelector;
  readonly preferred?: readonly { readonly weight: number; readonly preference: NodeSelectorTerm }[];
}

/** matchLabelKeys and mismatchLabelKeys are kept as written; the API server has merged them into `labelSelector` on live pods. */
export interface PodAffinityTerm {
  readonly topologyKey: string;
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

export interface PodAffinity {
  readonly required?: readonly PodAffinityTerm[];
  readonly preferred?: readonly { readonly weight: number; readonly term: PodAffinityTerm }[];
}

export interface Toleration {
  readonly key?: string;
  /** `Equal` when absent. `Lt` and `Gt` compare integers (behind a gate; read as not matching when the gate is off). */
  readonly operator?: 'Equal' | 'Exists' | 'Lt' | 'Gt';
  readonly value?: string;
  readonly effect?: TaintEffect;
  readonly tolerationSeconds?: number;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
}

export interface TopologySpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly labelSelector?: LabelSelector;
  readonly minDomains?: number;
  /** `Honor` when absent. */
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore';
  /** `Ignore` when absent: a cordoned or tainted node stays a domain until its Node object is gone (kubernetes#106127). */
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore';
  readonly matchLabelKeys?: readonly string[];
}
