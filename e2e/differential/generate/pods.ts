import type { Dice } from '../dice.js';
import type { Pod } from '../kubernetes.js';
import { amounts, podLevel, requests, runtimeClass, special, stages } from './amounts.js';
import { podLabels } from './selectors.js';
import {
  affinity,
  antiAffinity,
  gates,
  hostNetwork,
  hostPorts,
  nodeAffinity,
  nodeSelector,
  policedSpread,
  spread,
  type Trait,
  tolerations,
} from './traits.js';
import { changeVolumes, useVolumes } from './volumes.js';
import * as words from './words.js';

/** Kinds of constraints, each as often as it takes for every rule to decide often enough. */
const weighted: readonly (readonly [weight: number, trait: Trait])[] = [
  [5, tolerations],
  [2, nodeSelector],
  [5, nodeAffinity],
  [5, hostPorts],
  [1, hostNetwork],
  [6, spread],
  [6, policedSpread],
  [5, affinity],
  [4, antiAffinity],
  [3, amounts],
  [2, special],
  [2, stages],
  [1, podLevel],
  [1, runtimeClass],
];
const traits = weighted.flatMap(([weight, trait]) => new Array<Trait>(weight).fill(trait));

function bare(dice: Dice, name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: dice.chance(0.4) ? 'shop' : dice.pick(words.namespaceNames), labels: podLabels(dice) },
    spec: { containers: [{ name: 'app', image: 'app', resources: { requests: requests(dice) } }] },
  };
}

/** A pod to ask about: one to three kinds of constraints, now and then gated. */
export function generateProbe(dice: Dice, name: string, nodeNames: readonly string[], volumes = false): Pod {
  const pod = bare(dice, name);
  if (volumes) {
    useVolumes(dice, pod);
    // Mostly volumes decide; now and then something else does first.
    if (dice.chance(0.6)) return pod;
  }
  for (let count = dice.int(1, 3); count > 0; count--) dice.pick(traits)(dice, pod, nodeNames);
  if (dice.chance(0.4) && pod.spec.tolerations === undefined) tolerations(dice, pod, nodeNames);
  if (dice.chance(0.01)) gates(dice, pod, nodeNames);
  return pod;
}

/** The pod with one thing changed: a field that is written anew, taken away, or its labels or namespace. */
export function changeOneField(dice: Dice, of: Pod, name: string, nodeNames: readonly string[], volumes = false): Pod {
  const pod = structuredClone(of);
  pod.metadata.name = name;
  const present = (
    ['tolerations', 'nodeSelector', 'affinity', 'topologySpreadConstraints', 'initContainers'] as const
  ).filter((field) => pod.spec[field] !== undefined);
  if (volumes && dice.chance(0.7)) changeVolumes(dice, pod);
  else if (dice.chance(0.15)) pod.metadata.labels = podLabels(dice);
  else if (!volumes && dice.chance(0.1)) pod.metadata.namespace = dice.pick(words.namespaceNames);
  else if (present.length > 0 && dice.chance(0.2)) delete pod.spec[dice.pick(present)];
  else dice.pick(traits)(dice, pod, nodeNames);
  return pod;
}

/** What a bound pod turns into after it was created. */
type Fate = 'stays' | 'terminating' | 'succeeded' | 'failed' | 'resizing' | 'resize-infeasible';

export interface BoundPod {
  readonly pod: Pod;
  readonly fate: Fate;
}

/** Pods bound at random, whatever the scheduler would say of them: overcommitted nodes and broken skews are what we want. */
export function generateBoundPods(
  dice: Dice,
  prefix: string,
  nodeNames: readonly string[],
  volumes = false,
): BoundPod[] {
  const count = Math.round(nodeNames.length * (dice.chance(0.1) ? 0 : 0.5 + dice.next() * 3));
  // The fewer different pods, the more often selectors meet several of them.
  const bound = Array.from({ length: count }, (_, index) => {
    const pod = bare(dice, `${prefix}-b${index}`);
    if (dice.chance(0.35))
      dice.pick([hostPorts, hostPorts, hostPorts, antiAffinity, antiAffinity, special, stages, podLevel])(
        dice,
        pod,
        nodeNames,
      );
    if (volumes && dice.chance(0.6)) useVolumes(dice, pod);
    pod.spec.nodeName = dice.pick(nodeNames);
    return { pod, fate: fate(dice) };
  });
  return bound.map((own) => (endsBesideItsPort(own, bound) ? { ...own, fate: 'stays' } : own));
}

/**
 * Whether a pod ends while another one on its node has a host port of its, which no scheduler would have allowed. kube-scheduler
 * keeps the ports of a node as a set (HostPortInfo.Remove): it forgets that the other one still has the port, so what it says
 * then depends on what was there before, and on nothing that a state holds. In 100,000 probes one cluster had such a node.
 */
function endsBesideItsPort(own: BoundPod, all: readonly BoundPod[]): boolean {
  if (own.fate !== 'succeeded' && own.fate !== 'failed') return false;
  const ports = portsOf(own);
  return all.some(
    (other) =>
      other !== own &&
      other.pod.spec.nodeName === own.pod.spec.nodeName &&
      portsOf(other).some((port) => ports.includes(port)),
  );
}

function portsOf({ pod: { spec } }: BoundPod): string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ containerPort, hostPort = spec.hostNetwork === true ? containerPort : undefined, ...port }) =>
      hostPort === undefined ? [] : [`${port.protocol ?? 'TCP'} ${port.hostIP || '0.0.0.0'} ${hostPort}`],
    ),
  );
}

function fate(dice: Dice): Fate {
  if (dice.chance(0.72)) return 'stays';
  return dice.pick([
    'terminating',
    'terminating',
    'terminating',
    'succeeded',
    'failed',
    'resizing',
    'resize-infeasible',
  ]);
}
