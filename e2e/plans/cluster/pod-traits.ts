import { placeTraits } from './place-traits.js';
import type { Asked, Spec, Trait } from './trait.js';

/** What may be asked of a pod beside its place, or against its eviction, each with the share of workloads that has it. */
const traits: readonly (readonly [share: number, trait: Trait])[] = [
  ...placeTraits,
  [0.14, withPriority],
  [0.05, withoutRequests],
  [0.06, startsWithMore],
  [0.02, gated],
  [0.05, hostPort],
  [0.04, hostPath],
  [0.08, emptyDir],
  [0.04, annotated('karpenter.sh/do-not-disrupt', 'true')],
  [0.04, annotated('cluster-autoscaler.kubernetes.io/safe-to-evict', 'false')],
];

/** The pod template of a workload, with traits drawn for it. */
export function podTemplate(asked: Asked) {
  const { app, tier, cpuMillicores, random } = asked;
  const annotations: Record<string, string> = {};
  const requests = { cpu: `${cpuMillicores}m`, memory: `${random.integer(1, 20) * 128}Mi` };
  const spec: Spec = {
    terminationGracePeriodSeconds: random.pick([1, 5, 30]),
    containers: [{ name: 'app', image: 'app', resources: { requests } }],
  };
  for (const [share, trait] of traits) if (random.chance(share)) trait(asked, spec, annotations);
  return { metadata: { labels: { app, tier }, annotations }, spec };
}

/** Pods of `polite` wait rather than preempt others. */
function withPriority({ random }: Asked, spec: Spec): void {
  spec.priorityClassName = random.pick(['high', 'low', 'polite']);
}

function withoutRequests(_: Asked, spec: Spec): void {
  changeContainer(spec, { resources: {} });
}

/** A pod takes the room of its init container where that asks for more than the others together. */
function startsWithMore({ cpuMillicores, random }: Asked, spec: Spec): void {
  const resources = { requests: { cpu: `${cpuMillicores + random.integer(1, 8) * 100}m`, memory: '128Mi' } };
  spec.initContainers = [{ name: 'first', image: 'first', resources }];
}

/** Nobody lifts the gate: these pods never come. */
function gated(_: Asked, spec: Spec): void {
  spec.schedulingGates = [{ name: 'example.com/not-yet' }];
}

function hostPort({ random }: Asked, spec: Spec): void {
  changeContainer(spec, { ports: [{ containerPort: 80, hostPort: random.pick([8080, 9090]) }] });
}

function changeContainer(spec: Spec, change: object): void {
  const [container] = spec.containers as readonly object[];
  spec.containers = [{ ...container, ...change }];
}

function hostPath({ app }: Asked, spec: Spec): void {
  addVolume(spec, { name: 'host', hostPath: { path: `/var/${app}` } });
}

function emptyDir(_: Asked, spec: Spec): void {
  addVolume(spec, { name: 'scratch', emptyDir: {} });
}

export function addVolume(spec: Spec, volume: object): void {
  spec.volumes = [...((spec.volumes as readonly object[] | undefined) ?? []), volume];
}

function annotated(key: string, value: string): Trait {
  return (_, __, annotations) => {
    annotations[key] = value;
  };
}
