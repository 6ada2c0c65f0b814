import type { Random } from '../random.js';
import { type NodeSpec, zones } from './node-spec.js';

interface Asked {
  readonly app: string;
  readonly cpuMillicores: number;
  /** How many apps there are already, to be near to or far from. */
  readonly earlier: number;
  readonly nodes: readonly NodeSpec[];
  readonly random: Random;
}

type Spec = Record<string, unknown>;
type Trait = (asked: Asked, spec: Spec, annotations: Record<string, string>) => void;

/** What may be asked of a pod's place or against its eviction, each with the share of workloads that has it. */
const traits: readonly (readonly [share: number, trait: Trait])[] = [
  [0.22, spread],
  [0.1, apartFromItself],
  [0.08, nearOrFarFromAnother],
  [0.1, onlyInOneZone],
  [0.06, onlyOnDemand],
  [0.12, withPriority],
  [0.1, toleratesDedicated],
  [0.05, hostPort],
  [0.04, hostPath],
  [0.08, emptyDir],
  [0.04, annotated('karpenter.sh/do-not-disrupt', 'true')],
  [0.04, annotated('cluster-autoscaler.kubernetes.io/safe-to-evict', 'false')],
];

/** The pod template of a workload, with traits drawn for it. */
export function podTemplate(asked: Asked) {
  const { app, cpuMillicores, random } = asked;
  const annotations: Record<string, string> = {};
  const requests = { cpu: `${cpuMillicores}m`, memory: `${random.integer(1, 20) * 128}Mi` };
  const spec: Spec = {
    terminationGracePeriodSeconds: random.pick([1, 5, 30]),
    containers: [{ name: 'app', image: 'app', resources: { requests } }],
  };
  for (const [share, trait] of traits) if (random.chance(share)) trait(asked, spec, annotations);
  return { metadata: { labels: { app }, annotations }, spec };
}

function spread({ app, random }: Asked, spec: Spec): void {
  spec.topologySpreadConstraints = [
    {
      maxSkew: random.integer(1, 2),
      topologyKey: random.pick(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']),
      whenUnsatisfiable: random.chance(0.7) ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels: { app } },
      ...(random.chance(0.2) && { nodeTaintsPolicy: 'Honor' }),
    },
  ];
}

function apartFromItself({ app, random }: Asked, spec: Spec): void {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } };
  spec.affinity = random.chance(0.7)
    ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    : { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 50, podAffinityTerm: term }] } };
}

function nearOrFarFromAnother({ earlier, random }: Asked, spec: Spec): void {
  if (earlier === 0 || spec.affinity !== undefined) return;
  const term = {
    topologyKey: random.pick(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']),
    labelSelector: { matchLabels: { app: `app-${random.integer(0, earlier - 1)}` } },
  };
  const kind = random.chance(0.6) ? 'podAffinity' : 'podAntiAffinity';
  spec.affinity = { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

function onlyInOneZone({ nodes, random }: Asked, spec: Spec): void {
  const zone = nodes.length === 0 ? zones[0] : random.pick(nodes).zone;
  spec.nodeSelector = { 'topology.kubernetes.io/zone': zone };
}

function onlyOnDemand(_: Asked, spec: Spec): void {
  spec.nodeSelector = { ...(spec.nodeSelector as object | undefined), 'karpenter.sh/capacity-type': 'on-demand' };
}

function withPriority({ random }: Asked, spec: Spec): void {
  spec.priorityClassName = random.pick(['high', 'low']);
}

function toleratesDedicated(_: Asked, spec: Spec): void {
  spec.tolerations = [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }];
}

function hostPort({ random }: Asked, spec: Spec): void {
  const [container] = spec.containers as readonly object[];
  spec.containers = [{ ...container, ports: [{ containerPort: 80, hostPort: random.pick([8080, 9090]) }] }];
}

function hostPath({ app }: Asked, spec: Spec): void {
  spec.volumes = [{ name: 'host', hostPath: { path: `/var/${app}` } }];
}

function emptyDir(_: Asked, spec: Spec): void {
  spec.volumes = [{ name: 'scratch', emptyDir: {} }];
}

function annotated(key: string, value: string): Trait {
  return (_, __, annotations) => {
    annotations[key] = value;
  };
}
