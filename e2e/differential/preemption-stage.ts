import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { waitUntil } from '../rig/wait-until.js';
import { clearCluster, createCluster, draftCluster, inParallel, readBack, slim } from './cluster.js';
import { Dice } from './dice.js';
import { type Difference, differencesIn } from './differences.js';
import { generateProbe } from './generate/pods.js';
import { isPod, type Pod } from './kubernetes.js';
import { type Asked, type Laboratory, type LaboratoryOptions, openLaboratory } from './laboratory.js';
import { type PlayedVersion, playedVersion } from './played-version.js';

export interface PreemptionResult {
  readonly probes: number;
  readonly differences: readonly Difference[];
  /** Bound pods that had to go although nobody who was asked about may preempt them: what our plans count on not to happen. */
  readonly disturbed: readonly string[];
  /** Bound pods that had to go for pods that may: shows that preemption was on. */
  readonly preempted: number;
}

interface PreemptionOptions {
  readonly seed: number;
  readonly probes: number;
  readonly laboratory: LaboratoryOptions;
  readonly log: (line: string) => void;
}

const modestARound = 60;
const vitalARound = 5;

/**
 * The filters with DefaultPreemption on. Pods of no higher priority than all others, or of a class that never preempts, get the
 * same answers and disturb nobody. Pods that may preempt get the same answers as well; they are asked last, one by one.
 */
export async function runPreemptionStage(options: PreemptionOptions): Promise<PreemptionResult> {
  const laboratory = await openLaboratory({ ...options.laboratory, preemption: true });
  const version = playedVersion(laboratory.plane.version, options.laboratory.emulatedVersion);
  const differences: Difference[] = [];
  const disturbed: string[] = [];
  let [probes, preempted] = [0, 0];
  try {
    for (let round = 0; probes < options.probes; round++) {
      const played = await playRound(laboratory, version, options.seed * 10_000 + round);
      probes += played.probes;
      preempted += played.preempted;
      differences.push(...played.differences);
      disturbed.push(...played.disturbed);
      options.log(`preemption: ${probes} of ${options.probes} probes, ${differences.length} differences`);
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${laboratory.plane.tails()}`, { cause: error });
  } finally {
    await laboratory.stop();
  }
  return { probes, differences, disturbed, preempted };
}

async function playRound(laboratory: Laboratory, version: PlayedVersion, seed: number): Promise<PreemptionResult> {
  const { client } = laboratory;
  const dice = new Dice(seed);
  const prefix = `c${seed}`;
  const draft = draftCluster(dice.seed(), prefix, false);
  for (const { pod } of draft.bound) if (dice.chance(0.3)) pod.spec.priorityClassName = 'vital';
  await createCluster(client, draft);
  const names = draft.nodes.map(({ metadata }) => metadata.name);
  await laboratory.settle(names);

  const cluster = (await readBack(client)).map(slim);
  const asked: Asked[] = [];
  const modest = Array.from({ length: modestARound }, (_, index) => {
    const pod = generateProbe(dice, `${prefix}-p${index}`, names);
    const priorityClassName = dice.pick(['', 'modest', 'patient']);
    return priorityClassName === '' ? pod : { ...pod, spec: { ...pod.spec, priorityClassName } };
  });
  await inParallel(modest, 12, async (pod) => {
    const answer = await laboratory.ask(pod);
    if (answer !== undefined) asked.push({ pod: slim(answer.pod), answer: answer.answer });
  });
  const differences = await differencesIn({ cluster, asked, version });
  const disturbed = goneSince(cluster, await podsOf(client));

  let [vital, preempted] = [0, 0];
  for (; vital < vitalARound; vital++) {
    const before = (await readBack(client)).map(slim);
    const pod = generateProbe(dice, `${prefix}-v${vital}`, names);
    const answer = await laboratory.ask({ ...pod, spec: { ...pod.spec, priorityClassName: 'vital' } });
    if (answer === undefined) continue;
    const one = { pod: slim(answer.pod), answer: answer.answer };
    differences.push(...(await differencesIn({ cluster: before, asked: [one], version })));
    preempted += await goneSoon(client, before);
  }
  await clearCluster(client);
  return { probes: asked.length + vital, differences, disturbed, preempted };
}

async function podsOf(client: ApiClient): Promise<Pod[]> {
  return (await client.list('/api/v1/pods')).filter(isPod);
}

/** Bound pods that are not there any more, or are on their way out. */
function goneSince(before: readonly KubernetesObject[], now: readonly Pod[]): string[] {
  const staying = (pods: readonly Pod[]) =>
    pods
      .filter(({ metadata, spec }) => spec.nodeName !== undefined && metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const left = new Set(staying(now));
  return staying(before.filter(isPod)).filter((name) => !left.has(name));
}

/** How many pods go; the scheduler deletes its victims in the background, so it is given a moment. */
async function goneSoon(client: ApiClient, before: readonly KubernetesObject[]): Promise<number> {
  let gone: string[] = [];
  const someGone = async () => {
    gone = goneSince(before, await podsOf(client));
    return gone.length > 0;
  };
  await waitUntil('victims', someGone, { timeoutMs: 400 }).catch(() => undefined);
  return gone.length;
}
