import { zones } from './node-spec.js';
import type { Asked, Spec, Trait } from './trait.js';

/** What may be asked of a pod's place, each with the share of workloads that has it. */
export const placeTraits: readonly (readonly [share: number, trait: Trait])[] = [
  [0.22, spread],
  [0.1, apartFromItself],
  [0.08, nearOrFarFromAnother],
  [0.05, ratherNearItsTier],
  [0.08, onlyOnSomeNodes],
  [0.08, ratherOnSomeNodes],
  [0.1, onlyInOneZone],
  [0.06, onlyOnDemand],
  [0.015, onlyOnOneNode],
  [0.1, toleratesDedicated],
];

const zoneKey = 'topology.kubernetes.io/zone';
const hostKey = 'kubernetes.io/hostname';
const capacityKey = 'karpenter.sh/capacity-type';

/** `pod-template-hash` is a label of a Deployment's pods alone: of others the key says nothing. */
function spread({ app, tier, random }: Asked, spec: Spec): void {
  const isStrict = random.chance(0.7);
  spec.topologySpreadConstraints = [
    {
      maxSkew: random.integer(1, 2),
      topologyKey: random.pick([hostKey, zoneKey]),
      whenUnsatisfiable: isStrict ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels: random.chance(0.2) ? { tier } : { app } },
      ...(random.chance(0.2) && { nodeTaintsPolicy: 'Honor' }),
      ...(random.chance(0.1) && { nodeAffinityPolicy: 'Ignore' }),
      ...(random.chance(0.2) && { matchLabelKeys: ['pod-template-hash'] }),
      ...(isStrict && random.chance(0.15) && { minDomains: random.integer(1, 3) }),
    },
  ];
}

function apartFromItself({ app, random }: Asked, spec: Spec): void {
  const term = { topologyKey: hostKey, labelSelector: { matchLabels: { app } } };
  spec.affinity = random.chance(0.7)
    ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    : { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 50, podAffinityTerm: term }] } };
}

function nearOrFarFromAnother({ earlier, random }: Asked, spec: Spec): void {
  if (earlier === 0 || spec.affinity !== undefined) return;
  const term = {
    topologyKey: random.pick([hostKey, zoneKey]),
    labelSelector: { matchLabels: { app: `app-${random.integer(0, earlier - 1)}` } },
  };
  const kind = random.chance(0.6) ? 'podAffinity' : 'podAntiAffinity';
  spec.affinity = { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

function ratherNearItsTier({ tier, random }: Asked, spec: Spec): void {
  if (spec.affinity !== undefined) return;
  const podAffinityTerm = { topologyKey: random.pick([hostKey, zoneKey]), labelSelector: { matchLabels: { tier } } };
  const preferred = { weight: random.integer(1, 100), podAffinityTerm };
  spec.affinity = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [preferred] } };
}

function onlyOnSomeNodes(asked: Asked, spec: Spec): void {
  const nodeSelectorTerms = [{ matchExpressions: [nodeExpression(asked)] }];
  withNodeAffinity(spec, { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } });
}

function ratherOnSomeNodes(asked: Asked, spec: Spec): void {
  const preference = { matchExpressions: [nodeExpression(asked)] };
  const weight = asked.random.integer(1, 100);
  withNodeAffinity(spec, { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, preference }] });
}

function withNodeAffinity(spec: Spec, nodeAffinity: object): void {
  const affinity = spec.affinity as { readonly nodeAffinity?: object } | undefined;
  spec.affinity = { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, ...nodeAffinity } };
}

function nodeExpression({ nodes, random }: Asked) {
  const { instanceType } = random.pick(nodes);
  return random.pick([
    { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
    { key: capacityKey, operator: 'NotIn', values: ['spot'] },
    { key: zoneKey, operator: 'In', values: [zones[0], zones[1]] },
    { key: 'node.kubernetes.io/instance-type', operator: 'NotIn', values: [instanceType] },
    { key: 'karpenter.sh/nodepool', operator: 'Exists' },
  ]);
}

function onlyInOneZone({ nodes, random }: Asked, spec: Spec): void {
  selectNode(spec, { [zoneKey]: random.pick(nodes).zone });
}

function onlyOnDemand(_: Asked, spec: Spec): void {
  selectNode(spec, { [capacityKey]: 'on-demand' });
}

function onlyOnOneNode({ nodes, random }: Asked, spec: Spec): void {
  selectNode(spec, { [hostKey]: random.pick(nodes).name });
}

function selectNode(spec: Spec, labels: Readonly<Record<string, string>>): void {
  spec.nodeSelector = { ...(spec.nodeSelector as object | undefined), ...labels };
}

/** Nodes for a few are tainted NoSchedule, NoExecute or PreferNoSchedule. */
function toleratesDedicated(_: Asked, spec: Spec): void {
  spec.tolerations = [{ key: 'dedicated', operator: 'Exists' }];
}
