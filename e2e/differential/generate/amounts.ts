import type { Dice } from '../dice.js';
import type { Container, Texts } from '../kubernetes.js';
import type { Trait } from './traits.js';
import * as words from './words.js';

/** What a container asks for, in all the ways to write a quantity; nothing at all at times. */
export function requests(dice: Dice): Texts {
  const made: Texts = {};
  if (dice.chance(0.8)) made.cpu = dice.pick(['0', '100m', '250m', '0.5', '1', '1100m', '1.0005', '2']);
  if (dice.chance(0.8)) made.memory = dice.pick(['0', '64Mi', '256Mi', '500M', '0.5Gi', '1Gi', '1500000k', '2e9']);
  if (dice.chance(0.2)) made['ephemeral-storage'] = dice.pick(['100Mi', '1Gi', '3Gi', '1G']);
  return made;
}

/** The pod asks for what it did plus what no other trait writes: extended resources, huge pages, a share of the disk. */
export const special: Trait = (dice, pod) => {
  const [app] = pod.spec.containers as [Container];
  const name = dice.pick([words.extended, words.extended, words.otherExtended, words.hugepages, 'ephemeral-storage']);
  const amount =
    name === words.hugepages
      ? dice.pick(['32Mi', '64Mi', '128Mi'])
      : name === 'ephemeral-storage'
        ? dice.pick(['500Mi', '2Gi', '6Gi'])
        : String(dice.int(1, 3));
  const limited = name !== 'ephemeral-storage';
  const cpu = { cpu: '100m' };
  app.resources = {
    requests: { ...cpu, ...app.resources?.requests, [name]: amount },
    ...(limited ? { limits: { [name]: amount } } : {}),
  };
};

/** New requests, small or nearly a node's worth. */
export const amounts: Trait = (dice, pod) => {
  const [app] = pod.spec.containers as [Container];
  app.resources = {
    requests: dice.chance(0.6)
      ? requests(dice)
      : { cpu: dice.pick(['500m', '1', '1500m', '2', '3']), memory: dice.pick(['512Mi', '1Gi', '2Gi', '3Gi', '4Gi']) },
  };
};

/** Init containers and sidecars, in any order: what counts is the most that is needed at once. */
export const stages: Trait = (dice, pod) => {
  const others = (pod.spec.initContainers ?? []).filter(({ name }) => name === 'door');
  const made: Container[] = Array.from({ length: dice.int(1, 3) }, (_, index) => ({
    name: `init-${index}`,
    image: 'init',
    ...(dice.chance(0.5) ? { restartPolicy: 'Always' } : {}),
    resources: { requests: { cpu: dice.pick(['200m', '1', '2', '3']), memory: dice.pick(['128Mi', '1Gi', '3Gi']) } },
  }));
  pod.spec.initContainers = [...others, ...made];
};

/** Requests of the pod as a whole, which then count in place of its containers' for cpu, memory and huge pages. */
export const podLevel: Trait = (dice, pod) => {
  delete pod.spec.initContainers;
  const [app] = pod.spec.containers as [Container];
  app.resources = { requests: { cpu: dice.pick(['50m', '100m']), memory: '64Mi' } };
  pod.spec.resources = {
    requests: {
      cpu: dice.pick(['100m', '1', '2', '3']),
      ...(dice.chance(0.7) ? { memory: dice.pick(['64Mi', '1Gi', '3Gi']) } : {}),
    },
  };
};

export const runtimeClass: Trait = (dice, pod) => {
  pod.spec.runtimeClassName = dice.pick(Object.keys(words.runtimeClasses));
};
