import { createPlacement } from '@cloudoptim/scheduling';
import type { KubernetesObject } from '../rig/api-client.js';
import { clearCluster, createCluster, draftCluster, inParallel, readBack, slim } from './cluster.js';
import { Dice } from './dice.js';
import { changeOneField, generateProbe } from './generate/pods.js';
import type { Node, Pod } from './kubernetes.js';
import { isNode } from './kubernetes.js';
import type { Asked, Laboratory } from './laboratory.js';
import { feasibleNames, read } from './oracle.js';

/** A cluster as the API server kept it, and what kube-scheduler said of each pod. */
export interface Round {
  readonly seed: number;
  readonly kubernetesVersion: string;
  readonly cluster: readonly KubernetesObject[];
  readonly asked: readonly Asked[];
  /** Pods that the API server did not take: the generator wrote what is not valid. */
  readonly refused: number;
}

/** Pods asked about at a time. None is ever bound, so they do not change the answers about one another. */
const width = 12;

/** Makes a cluster, asks about `probes` pods, and takes the cluster away again. */
export async function playRound(
  laboratory: Laboratory,
  { seed, probes, kubernetesVersion }: { readonly seed: number; readonly probes: number; readonly kubernetesVersion: string },
): Promise<Round> {
  const { client } = laboratory;
  const dice = new Dice(seed);
  const prefix = `c${seed}`;
  const draft = draftCluster(dice.seed(), prefix);
  let refused = await createCluster(client, draft);
  const names = draft.nodes.map(({ metadata }) => metadata.name);
  await laboratory.settle(names);
  const cluster = await readBack(client);
  const nodes = cluster.filter(isNode);

  const asked: Asked[] = [];
  const askAll = (pods: readonly Pod[]) =>
    inParallel(pods, width, async (pod) => {
      const answer = await laboratory.ask(pod);
      if (answer === undefined) refused++;
      else asked.push({ pod: slim(answer.pod), answer: answer.answer });
    });
  // Half of the pods are new; the other half differ in one field from one of those that had somewhere to go.
  const candidates = Array.from({ length: probes }, (_, index) => generateProbe(dice, `${prefix}-p${index}`, names));
  await askAll(await telling(dice, cluster, nodes, candidates, Math.ceil(probes / 2), kubernetesVersion));
  const hosts = asked.filter(({ answer }) => answer.feasible.length > 0).sort(byName);
  if (hosts.length > 0) {
    const changed = Array.from({ length: probes }, (_, index) =>
      changeOneField(dice, withoutStatus(dice.pick(hosts).pod, candidates), `${prefix}-q${index}`, names),
    );
    await askAll(await telling(dice, cluster, nodes, changed, Math.floor(probes / 2), kubernetesVersion));
  }
  await clearCluster(client);
  return { seed, kubernetesVersion, cluster: cluster.map(slim), asked: asked.sort(byName), refused };
}

function byName(a: Asked, b: Asked): number {
  return a.pod.metadata.name < b.pod.metadata.name ? -1 : 1;
}

/** As it was before the API server filled it in. */
function withoutStatus(pod: Pod, candidates: readonly Pod[]): Pod {
  return candidates.find(({ metadata }) => metadata.name === pod.metadata.name) ?? pod;
}

/**
 * `count` of the candidates, preferring those that some nodes take and others do not: the rest says little. The guess is
 * ours; what is true of them is asked of kube-scheduler all the same.
 */
async function telling(
  dice: Dice,
  cluster: readonly KubernetesObject[],
  nodes: readonly Node[],
  candidates: readonly Pod[],
  count: number,
  kubernetesVersion: string,
): Promise<Pod[]> {
  const reading = await read(cluster, candidates, kubernetesVersion);
  const placement = createPlacement(reading.state);
  const [good, poor]: [Pod[], Pod[]] = [[], []];
  candidates.forEach((pod, index) => {
    const feasible = feasibleNames(reading, placement, index).length;
    const tells = feasible > 0 && feasible < nodes.length;
    (tells || dice.chance(0.15) ? good : poor).push(pod);
  });
  return [...good, ...poor].slice(0, count);
}
