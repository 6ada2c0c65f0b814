import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clause } from './clauses/clause.js';
import { Tally } from './clauses/tally.js';
import { type Difference, describeDifference } from './differences.js';
import { isNode } from './kubernetes.js';
import { type Laboratory, type LaboratoryOptions, openLaboratory } from './laboratory.js';
import { playedVersion } from './played-version.js';
import { startProvisioner } from './provisioner.js';
import { saveRegression } from './regression.js';
import { playRound, type Round } from './round.js';
import { shrink } from './shrink.js';

export interface StageOptions {
  readonly name: string;
  readonly seed: number;
  readonly probes: number;
  /** How often each clause is to decide each way; pods are chosen for that. */
  readonly enough: number;
  readonly laboratory?: LaboratoryOptions;
  /** Whether pods use volumes. */
  readonly volumes?: boolean;
  /** Whether the controllers of volumes are at work, and somebody makes the volumes that they ask for. */
  readonly controlled?: boolean;
  readonly clauses: readonly Clause[];
  readonly log: (line: string) => void;
}

export interface StageResult {
  readonly name: string;
  readonly probes: number;
  readonly clusters: number;
  /** Pods with something to tell: feasible on some nodes and not on others, as a share. */
  readonly tellingShare: number;
  readonly refused: number;
  readonly differences: readonly Difference[];
  readonly irreproducible: readonly Difference[];
  readonly tally: Tally;
  readonly seconds: number;
  readonly recording: Recording;
}

/** Fewer where claims are scarce: what a cluster has not got no pod can ask for. */
const probesARound = (volumes: boolean) => (volumes ? 100 : 200);

/** Shrinking makes clusters by the dozen: enough to see what is wrong, not to see it a hundred times. */
const shrinkAtMost = 3;

/** A stage of which some clause has decided too seldom goes on, up to so many times its probes: chance alone must not fail it. */
const most = 1.6;

/** Plays rounds until enough pods were asked about. */
export async function runStage(options: StageOptions): Promise<StageResult> {
  const { name, seed, enough, log } = options;
  const begun = performance.now();
  const tally = new Tally(options.clauses, enough);
  const recording = createRecording();
  const laboratory = await openLaboratory(options.laboratory);
  const provisioner = options.controlled === true ? await startProvisioner(laboratory.plane) : undefined;
  const version = playedVersion(laboratory.plane.version, options.laboratory?.emulatedVersion);
  const differences: Difference[] = [];
  const irreproducible: Difference[] = [];
  let [probes, refused, telling, clusters] = [0, 0, 0, 0];
  try {
    for (; probes < options.probes || (tally.wanted().length > 0 && probes < most * options.probes); clusters++) {
      const left = probes < options.probes ? options.probes - probes : Number.POSITIVE_INFINITY;
      const wanted = Math.min(probesARound(options.volumes === true), Math.max(20, left));
      const round = await playRound(laboratory, {
        seed: seed * 10_000 + clusters,
        probes: wanted,
        version,
        tally,
        volumes: options.volumes === true,
        controlled: options.controlled === true,
      });
      await tally.add({ ...round, pods: round.asked.map(({ pod }) => pod) });
      recording.add(round);
      for (const difference of onePerPod(round.differences).slice(0, Math.max(0, shrinkAtMost - differences.length)))
        log(`saved ${await keep(laboratory, round, difference)}`);
      probes += round.asked.length;
      refused += round.refused;
      telling += tellingIn(round);
      differences.push(...round.differences);
      irreproducible.push(...round.irreproducible);
      log(`${name}: ${probes} of ${options.probes} probes, ${differences.length} differences`);
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${laboratory.plane.tails()}`, { cause: error });
  } finally {
    provisioner?.stop();
    await laboratory.stop();
  }
  const seconds = (performance.now() - begun) / 1000;
  return {
    ...{ name, probes, clusters, tellingShare: telling / probes, refused },
    ...{ differences, irreproducible, tally, seconds, recording },
  };
}

/** The two halves mostly err together. */
function onePerPod(differences: readonly Difference[]): Difference[] {
  return differences.filter(({ pod }, index) => differences.findIndex((one) => one.pod === pod) === index);
}

/** Makes the difference small and keeps it among the regressions; returns the file. */
async function keep(laboratory: Laboratory, round: Round, difference: Difference): Promise<string> {
  const { cluster, asked } = await shrink(laboratory, round, difference);
  const { pod, answer } = asked;
  const { version } = round;
  return saveRegression(`found-${round.seed}-${pod.metadata.name}`, {
    about: describeDifference(difference),
    ...{ version, cluster, pod, answer },
  });
}

function tellingIn({ cluster, asked }: Round): number {
  const nodes = cluster.filter(isNode).length;
  return asked.filter(({ answer }) => answer.feasible.length > 0 && answer.feasible.length < nodes).length;
}

/** Rounds kept in files, to be replayed without a server. */
export interface Recording {
  readonly count: number;
  add(round: Round): void;
  round(index: number): Round;
  remove(): void;
}

function createRecording(): Recording {
  const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-differential-'));
  const file = (index: number) => join(folder, `${index}.json`);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add: (round) => writeFileSync(file(count++), JSON.stringify(round)),
    round: (index) => JSON.parse(readFileSync(file(index), 'utf8')) as Round,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
