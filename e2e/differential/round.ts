import { setTimeout as sleep } from 'node:timers/promises';
import { createPlacement } from '@cloudoptim/scheduling';
import type { KubernetesObject } from '../rig/api-client.js';
import { aim } from './clauses/aim.js';
import type { Tally } from './clauses/tally.js';
import { clearCluster, createCluster, draftCluster, inParallel, readBack, slim, untilVolumesRest } from './cluster.js';
import { Dice } from './dice.js';
import { type Difference, differencesIn } from './differences.js';
import { untilClaimsAreMade } from './ephemeral-claims.js';
import { changeOneField, generateProbe } from './generate/pods.js';
import type { Pod } from './kubernetes.js';
import type { Asked, Laboratory } from './laboratory.js';
import { feasibleNames, read } from './oracle.js';
import type { PlayedVersion } from './played-version.js';
import { barePod } from './recreate.js';

/** A cluster as the API server kept it, and what kube-scheduler said of each pod. */
export interface Round {
  readonly seed: number;
  readonly version: PlayedVersion;
  readonly cluster: readonly KubernetesObject[];
  readonly asked: readonly Asked[];
  /** Pods that the API server did not take: the generator wrote what is not valid. */
  readonly refused: number;
  /** What our halves answer otherwise, also when asked once more. */
  readonly differences: readonly Difference[];
  /** Answers that another try did not repeat: the scheduler had not seen everything yet. */
  readonly irreproducible: readonly Difference[];
}

export interface RoundOptions {
  readonly seed: number;
  readonly probes: number;
  readonly version: PlayedVersion;
  /** What rules decided so far: pods are chosen for what decided too seldom. */
  readonly tally: Tally;
  /** Whether pods use volumes. */
  readonly volumes: boolean;
  /** Whether controllers write the statuses of volumes and claims. */
  readonly controlled: boolean;
}

/** Candidates for each pod that is asked about. */
const choice = 3;

/** Pods asked about at a time. None is ever bound, so they do not change the answers about one another. */
const width = 12;

/** Makes a cluster, asks about `probes` pods, and takes the cluster away again. */
export async function playRound(
  laboratory: Laboratory,
  { seed, probes, version, tally, volumes, controlled }: RoundOptions,
): Promise<Round> {
  const { client } = laboratory;
  const dice = new Dice(seed);
  const prefix = `c${seed}`;
  const draft = draftCluster(dice.seed(), prefix, volumes);
  let refused = await createCluster(client, draft, controlled);
  const names = draft.nodes.map(({ metadata }) => metadata.name);
  await laboratory.settle(names);
  if (volumes) {
    await untilClaimsAreMade(client);
    if (controlled) await untilVolumesRest(client);
    // Each kind of volume objects reaches the scheduler by itself.
    await sleep(500);
  }
  const cluster = await readBack(client);

  const asked: Asked[] = [];
  const askAll = (pods: readonly Pod[]) =>
    inParallel(pods, width, async (pod) => {
      const answer = await laboratory.ask(pod);
      if (answer === undefined) refused++;
      else asked.push({ pod: slim(answer.pod), answer: answer.answer });
    });
  // Half of the pods are new; the other half differ in one field from one of those that had somewhere to go.
  const candidates = Array.from({ length: choice * probes }, (_, index) =>
    generateProbe(dice, `${prefix}-p${index}`, names, volumes),
  );
  await askAll(await telling(dice, tally, cluster, candidates, Math.ceil(probes / 2), version));
  const hosts = asked.filter(({ answer }) => answer.feasible.length > 0).sort(byName);
  if (hosts.length > 0) {
    const changed = Array.from({ length: choice * probes }, (_, index) =>
      changeOneField(dice, withoutStatus(dice.pick(hosts).pod, candidates), `${prefix}-q${index}`, names, volumes),
    );
    await askAll(await telling(dice, tally, cluster, changed, Math.floor(probes / 2), version));
  }
  const round = { version, cluster: cluster.map(slim), asked: asked.sort(byName) };
  const doubted = await differencesIn(round);
  const differences = doubted.length === 0 ? [] : await askAgain(laboratory, round, doubted);
  const real = new Set(differences.map(({ pod }) => pod.metadata.name));
  await clearCluster(client);
  return {
    ...round,
    ...{ seed, refused, differences },
    irreproducible: doubted.filter(({ pod }) => !real.has(pod.metadata.name)),
  };
}

/** Asks about each pod in doubt once more, alone and when all is quiet; returns the differences that stay. */
async function askAgain(
  laboratory: Laboratory,
  round: Pick<Round, 'cluster' | 'version' | 'asked'>,
  doubted: readonly Difference[],
): Promise<Difference[]> {
  await sleep(1000);
  const again: Asked[] = [];
  for (const pod of new Set(doubted.map((one) => one.pod))) {
    const answer = await laboratory.ask(barePod(pod));
    if (answer === undefined) throw new Error(`The API server refuses ${pod.metadata.name} now, which it took before.`);
    again.push({ pod, answer: answer.answer });
  }
  return differencesIn({ ...round, asked: again });
}

function byName(a: Asked, b: Asked): number {
  return a.pod.metadata.name < b.pod.metadata.name ? -1 : 1;
}

/** As it was before the API server filled it in. */
function withoutStatus(pod: Pod, candidates: readonly Pod[]): Pod {
  return candidates.find(({ metadata }) => metadata.name === pod.metadata.name) ?? pod;
}

/**
 * `count` of the candidates: first those that decide what was decided too seldom so far, then those that some nodes take and
 * others do not. The guess is ours; what is true of them is asked of kube-scheduler all the same.
 */
async function telling(
  dice: Dice,
  tally: Tally,
  cluster: readonly KubernetesObject[],
  candidates: readonly Pod[],
  count: number,
  version: PlayedVersion,
): Promise<Pod[]> {
  const reading = await read(cluster, candidates, version);
  const placement = createPlacement(reading.state);
  const [good, poor]: [Pod[], Pod[]] = [[], []];
  candidates.forEach((pod, index) => {
    const feasible = feasibleNames(reading, placement, index).length;
    const tells = feasible > 0 && feasible < reading.state.nodes.length;
    (tells || dice.chance(0.1) ? good : poor).push(pod);
  });
  const ordered = [...good, ...poor];
  const aimed = (await aim(tally, { cluster, pods: ordered, version })).slice(0, Math.ceil(count / 2));
  return [...aimed, ...ordered.filter((pod) => !aimed.includes(pod))].slice(0, count);
}
