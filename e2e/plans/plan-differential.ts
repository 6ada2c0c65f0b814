import { type ControlPlane, startControlPlane } from '../rig/control-plane.js';
import { preparePlane } from './cluster/prepare-plane.js';
import { delayedStages } from './cluster/stages.js';
import { LiveCluster } from './live/live-cluster.js';
import { type KeepCase, oneCluster, type PlanResult } from './one-cluster.js';

export interface DifferentialOptions {
  readonly clusters: number;
  /** The first cluster's seed; the others follow. One cluster alone is `clusters: 1` with its own seed. */
  readonly seed: number;
  /** Control planes side by side; most of the time each of them waits. */
  readonly planes?: number;
  readonly log: (line: string) => void;
  readonly keep?: KeepCase;
}

export interface DifferentialRun {
  readonly results: readonly PlanResult[];
  readonly seconds: number;
}

/** Of so many clusters one may be drawn that nobody has a plan for. */
const mostDrawn = 2;

/** Executes plans on real clusters, as many as asked for that have some, and tells what became of each plan. */
export async function planDifferential(options: DifferentialOptions): Promise<DifferentialRun> {
  const { clusters, seed, planes = 2, log, keep } = options;
  const started = performance.now();
  const results: PlanResult[] = [];
  let next = seed;
  let withPlans = 0;
  const work = async () => {
    const plane = await startPlane();
    try {
      await preparePlane(plane.client);
      const live = await LiveCluster.start(plane.client);
      while (withPlans < clusters && next < seed + mostDrawn * clusters) {
        const cluster = next++;
        const begun = performance.now();
        const done = await oneCluster(plane, live, cluster, keep);
        results.push(...done);
        if (done.length > 0) withPlans++;
        log(lineOf(cluster, done, performance.now() - begun));
      }
      live.stop();
    } finally {
      await plane.stop();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(planes, clusters) }, work));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  results.sort((a, b) => a.cluster - b.cluster || a.position - b.position);
  return { results, seconds: (performance.now() - started) / 1_000 };
}

function startPlane(): Promise<ControlPlane> {
  return startControlPlane({
    // A pod that found no node is looked at again within a second of whatever may have helped it.
    scheduler: { config: { podInitialBackoffSeconds: 1, podMaxBackoffSeconds: 1 } },
    controllers: 'usual',
    kwok: { stages: delayedStages() },
  });
}

function lineOf(cluster: number, results: readonly PlanResult[], milliseconds: number): string {
  const plans = results.map(
    ({ source, verdict, troubles }) => `${source} ${verdict}${troubles.length > 0 ? ' (trouble)' : ''}`,
  );
  return `cluster ${cluster}: ${plans.join(', ') || 'no plans'}; ${(milliseconds / 1_000).toFixed(1)} s`;
}
