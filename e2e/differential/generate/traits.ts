import type { Dice } from '../dice.js';
import type { Container, NodeTerm, Pod, PodTerm, Port, Requirement, Spread, Toleration } from '../kubernetes.js';
import { namespaceSelector, podSelector } from './selectors.js';
import * as words from './words.js';

/** Writes one kind of constraint into a pod, in place of what it had of it. */
export type Trait = (dice: Dice, pod: Pod, nodeNames: readonly string[]) => void;

export const tolerations: Trait = (dice, pod) => {
  pod.spec.tolerations = Array.from({ length: dice.int(1, 3) }, () => toleration(dice));
};

function toleration(dice: Dice): Toleration {
  if (dice.chance(0.12)) return { key: words.unschedulable, operator: 'Exists', effect: 'NoSchedule' };
  const made: Toleration = {};
  const exists = dice.chance(0.5);
  if (!exists || dice.chance(0.85)) made.key = dice.pick(words.taintKeys);
  if (exists) made.operator = 'Exists';
  else {
    if (dice.chance(0.7)) made.operator = 'Equal';
    const value = dice.pick(words.taintValues);
    if (value !== '') made.value = value;
  }
  if (dice.chance(0.5)) made.effect = dice.pick(words.effects);
  return made;
}

export const nodeSelector: Trait = (dice, pod) => {
  pod.spec.nodeSelector = dice.chance(0.5)
    ? { disk: dice.pick(words.disks) }
    : dice.chance(0.5)
      ? { rack: dice.pick(words.racks) }
      : { [words.zone]: dice.pick(words.zones) };
};

export const nodeAffinity: Trait = (dice, pod, nodeNames) => {
  const terms = Array.from({ length: dice.int(1, 3) }, () => nodeTerm(dice, nodeNames));
  pod.spec.affinity = {
    ...pod.spec.affinity,
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  };
};

function nodeTerm(dice: Dice, nodeNames: readonly string[]): NodeTerm {
  if (dice.chance(0.03)) return {};
  const term: NodeTerm = {};
  const fields = dice.chance(0.2);
  if (fields)
    term.matchFields = [
      { key: 'metadata.name', operator: dice.pick(['In', 'In', 'NotIn']), values: [dice.pick(nodeNames)] },
    ];
  if (!fields || dice.chance(0.4))
    term.matchExpressions = Array.from({ length: dice.int(1, 2) }, () => nodeRequirement(dice));
  return term;
}

function nodeRequirement(dice: Dice): Requirement {
  const operator = dice.pick(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
  if (operator === 'Gt' || operator === 'Lt')
    return {
      key: dice.chance(0.9) ? 'generation' : 'disk',
      operator,
      values: [dice.pick(['0', '1', '3', '5', '-2', '+3', '08', '-9223372036854775808', '-9223372036854775809'])],
    };
  const [key, values] = dice.pick([
    ['disk', words.disks],
    ['rack', words.racks],
    [words.zone, words.zones],
    ['generation', words.generations],
  ] as const);
  return operator.endsWith('n') ? { key, operator, values: dice.some(values, 1, 2) } : { key, operator };
}

export const hostPorts: Trait = (dice, pod) => {
  const [app] = pod.spec.containers as [Container];
  app.ports = distinct(Array.from({ length: dice.int(1, 2) }, () => port(dice)));
  if (dice.chance(0.35)) {
    const others = (pod.spec.initContainers ?? []).filter(({ name }) => name !== 'door');
    const restartPolicy = dice.chance(0.5) ? { restartPolicy: 'Always' } : {};
    pod.spec.initContainers = [...others, { name: 'door', image: 'door', ...restartPolicy, ports: [port(dice)] }];
  }
};

function port(dice: Dice): Port {
  const number = dice.pick([80, 81, 443]);
  const made: Port = { containerPort: number, hostPort: number };
  if (dice.chance(0.5)) made.protocol = dice.pick(['TCP', 'UDP', 'SCTP']);
  if (dice.chance(0.6)) made.hostIP = dice.pick(['0.0.0.0', '127.0.0.1', '127.0.0.1', '10.0.0.1']);
  return made;
}

function distinct(ports: readonly Port[]): Port[] {
  const seen = new Map(ports.map((one) => [`${one.protocol ?? 'TCP'}/${one.hostPort}/${one.hostIP ?? ''}`, one]));
  return [...seen.values()];
}

/** The pod takes part in the node's network: every port of its containers is a host port. */
export const hostNetwork: Trait = (dice, pod) => {
  const [app] = pod.spec.containers as [Container];
  pod.spec.hostNetwork = true;
  app.ports = [{ containerPort: dice.pick([80, 81, 443]) }];
  delete pod.spec.initContainers;
};

export const spread: Trait = (dice, pod) => {
  const made = new Map<string, Spread>();
  for (let count = dice.chance(0.65) ? 1 : dice.int(2, 3); count > 0; count--) {
    const constraint = spreadConstraint(dice);
    made.set(`${constraint.topologyKey}/${constraint.whenUnsatisfiable}`, constraint);
  }
  pod.spec.topologySpreadConstraints = [...made.values()];
};

/** One constraint and what its policies are about: a node selector that leaves out domains, tolerations of some taints. */
export const policedSpread: Trait = (dice, pod, nodeNames) => {
  const made: Spread = {
    maxSkew: dice.pick([1, 1, 2]),
    topologyKey: dice.pick([words.zone, words.zone, words.hostname, 'rack']),
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: dice.chance(0.7) ? { matchLabels: { app: dice.pick(words.apps) } } : podSelector(dice),
    nodeAffinityPolicy: dice.pick(['Honor', 'Ignore']),
    nodeTaintsPolicy: dice.pick(['Honor', 'Ignore']),
  };
  pod.spec.topologySpreadConstraints = [made];
  if (dice.chance(0.15)) pin(pod, dice.pick(nodeNames));
  else if (dice.chance(0.6)) nodeSelector(dice, pod, nodeNames);
  if (dice.chance(0.5)) tolerations(dice, pod, nodeNames);
};

/** As a DaemonSet's controller pins its pods. */
function pin(pod: Pod, nodeName: string): void {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] };
  pod.spec.affinity = {
    ...pod.spec.affinity,
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  };
}

function spreadConstraint(dice: Dice): Spread {
  const hard = dice.chance(0.92);
  const made: Spread = {
    maxSkew: dice.pick([1, 1, 1, 2, 3]),
    topologyKey: dice.pick([words.zone, words.zone, words.hostname, 'rack']),
    whenUnsatisfiable: hard ? 'DoNotSchedule' : 'ScheduleAnyway',
  };
  if (dice.chance(0.95)) made.labelSelector = podSelector(dice);
  if (hard && dice.chance(0.3)) made.minDomains = dice.int(1, 5);
  if (dice.chance(0.4)) made.nodeAffinityPolicy = dice.pick(['Honor', 'Ignore']);
  if (dice.chance(0.4)) made.nodeTaintsPolicy = dice.pick(['Honor', 'Ignore']);
  if (made.labelSelector !== undefined && dice.chance(0.25)) made.matchLabelKeys = ['rev'];
  return made;
}

export const affinity: Trait = (dice, pod) => {
  pod.spec.affinity = { ...pod.spec.affinity, podAffinity: terms(dice, dice.chance(0.75) ? 1 : 2) };
};

export const antiAffinity: Trait = (dice, pod) => {
  pod.spec.affinity = { ...pod.spec.affinity, podAntiAffinity: terms(dice, dice.chance(0.75) ? 1 : 2) };
};

function terms(dice: Dice, count: number) {
  return { requiredDuringSchedulingIgnoredDuringExecution: Array.from({ length: count }, () => podTerm(dice)) };
}

function podTerm(dice: Dice): PodTerm {
  const made: PodTerm = { topologyKey: dice.pick([words.zone, words.hostname, words.hostname, 'rack']) };
  if (dice.chance(0.96)) made.labelSelector = podSelector(dice);
  if (dice.chance(0.3)) made.namespaces = dice.some(words.namespaceNames, 1, 2);
  if (dice.chance(0.3)) made.namespaceSelector = namespaceSelector(dice);
  if (made.labelSelector === undefined) return made;
  const keys = dice.pick(['none', 'none', 'none', 'matchLabelKeys', 'mismatchLabelKeys'] as const);
  if (keys !== 'none') made[keys] = ['rev'];
  return made;
}

export const gates: Trait = (dice, pod) => {
  pod.spec.schedulingGates = dice.some(['example.com/quota', 'example.com/window'], 1, 2).map((name) => ({ name }));
};
