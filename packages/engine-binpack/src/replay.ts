import type { Step } from './changes.js';
import { type DrainFailure, drainWhatIf, evictWhatIf, type Move } from './drain-what-if.js';
import type { Model } from './model.js';
import { type Evictions, type Phase, phasesOf, stepOf } from './phases.js';
import { launchInto } from './replace-nodes.js';
import { seatWaiting } from './waiting-pods.js';

/** A plan's steps carried out in order, as the cluster would: where each evicted pod goes. */
export interface Replay {
  /** By phase: the moves, in the order of evictions. */
  readonly moves: readonly (readonly Move[])[];
  /** By step: indices of the nodes that it launches. */
  readonly launched: readonly (readonly number[])[];
}

/** Steps that failed, by position, each with the pod of the state that found no room, where that was why. */
export type FailedSteps = ReadonlyMap<number, number | undefined>;

/**
 * Carries the steps out from today's state, all nodes that go cordoned before the first eviction. The search took them away
 * one by one, so pods may land elsewhere now. Steps that fail are left out and returned: then what is left has to be replayed
 * again, since their nodes would not be cordoned. The working cluster is left as it would be; the caller rolls it back.
 */
export async function replay(
  model: Model,
  steps: readonly Step[],
  evictions: Evictions,
  random?: () => number,
): Promise<Replay | { readonly failed: FailedSteps }> {
  const { cluster } = model;
  for (const { remove } of steps) for (const node of remove) cluster.close(node);
  seatWaiting(model.cluster);
  const moves: Move[][] = [];
  const launched = steps.map((): number[] => []);
  const failed = new Map<number, number | undefined>();
  for (const phase of phasesOf(model, steps, evictions)) {
    await model.breathe();
    const mark = cluster.mark();
    const own: Move[] = [];
    const fails = (pod?: number) => failed.set(stepOf(model, steps, phase, pod) ?? steps.length - 1, pod);
    const failure = replayPhase(model, phase, { own, launched, fails, random });
    if (failure !== undefined) {
      cluster.rollback(mark);
      fails(failure.pod);
    }
    moves.push(own);
  }
  return failed.size > 0 ? { failed } : { moves, launched };
}

interface Carried {
  readonly own: Move[];
  readonly launched: number[][];
  /** Hears of each pod evicted by name that finds no room; it stays where it is, and others go on. */
  readonly fails: (pod?: number) => void;
  readonly random: (() => number) | undefined;
}

function replayPhase(
  model: Model,
  { launches, named, remove }: Phase,
  { own, launched, fails, random }: Carried,
): DrainFailure | undefined {
  const { cluster } = model;
  const record = (move: Move) => own.push(move);
  for (const { step, launch } of launches) {
    const node = cluster.placement.nodeCount;
    const reason = launchInto(model, launch);
    if (reason !== undefined) return { reason };
    launched[step]?.push(node);
  }
  for (const pod of named) {
    const mark = cluster.mark();
    const failure = evictWhatIf(cluster, pod, record, random);
    if (failure === undefined) continue;
    cluster.rollback(mark);
    fails(pod);
  }
  for (const node of remove) {
    const failure = drainWhatIf(cluster, node, record, random);
    if (failure !== undefined) return failure;
    cluster.removeNode(node);
  }
  return undefined;
}
