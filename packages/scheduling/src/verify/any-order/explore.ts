import type { IncomingPod } from '../../incoming-pod.js';
import type { PlanRun, Problem, RunOptions } from '../../run/plan-run.js';
import { begin, type Step } from '../../run/steps.js';
import type { Turns } from '../../turns.js';

export interface Explored {
  /** What went wrong in the first state found in which something does. */
  readonly problems: readonly Problem[];
  /** Groups in the order in which they began there, and those that failed on the way. */
  readonly began: readonly number[];
  readonly failed: readonly number[];
  /** Whether all states were gone through, or as many as were needed to find a problem. */
  readonly complete: boolean;
}

/**
 * Goes through every state that a plan reaches when the scheduler chooses by one rule: every interleaving of its groups' steps
 * with as many in flight as allowed, and every group failing for good at every step. Gives up after `most` steps.
 */
export function* explore(
  run: PlanRun,
  steps: readonly (readonly Step[])[],
  inFlight: number,
  options: RunOptions,
  most: number,
): Turns<Explored> {
  const before = run.options;
  const start = run.mark();
  run.options = options;
  const search = new Search(run, steps, inFlight, most);
  yield* search.visit();
  run.rollback(start);
  run.options = before;
  const { problems, witness, left } = search;
  return { problems, ...witness, complete: problems.length > 0 || left > 0 };
}

/** Steps in one turn. */
const stepsInTurn = 100;

/** How far a group has come. */
interface Progress {
  /** Steps begun. */
  next: number;
  /** The successor of the last one while it is not Ready; -1 when there is none. */
  held: number;
  failed: boolean;
}

class Search {
  readonly problems: Problem[] = [];
  witness: Pick<Explored, 'began' | 'failed'> = { began: [], failed: [] };
  left: number;
  readonly #run: PlanRun;
  readonly #steps: readonly (readonly Step[])[];
  readonly #inFlight: number;
  readonly #progress: Progress[];
  readonly #seen = new Set<string>();
  readonly #began: number[] = [];
  readonly #kinds = new Kinds();

  constructor(run: PlanRun, steps: readonly (readonly Step[])[], inFlight: number, most: number) {
    this.#run = run;
    this.#steps = steps;
    this.#inFlight = inFlight;
    this.left = most;
    this.#progress = steps.map(() => ({ next: 0, held: -1, failed: false }));
  }

  *visit(): Turns<void> {
    const key = this.#key();
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    // Each way on leads back to here.
    const active = this.#active();
    for (let group = 0; group < this.#steps.length && !this.#ended(); group++) {
      const own = this.#progress[group] as Progress;
      if (own.failed || this.#isDone(group) || !this.#ancestorsDone(group)) continue;
      if (active.includes(group) || active.length < this.#inFlight) yield* this.#advance(group);
      else
        for (const other of active) {
          // There is room for one more only once one of those in flight has failed.
          const failing = this.#progress[other] as Progress;
          failing.failed = true;
          yield* this.#advance(group);
          failing.failed = false;
        }
    }
  }

  #ended(): boolean {
    return this.problems.length > 0 || this.left <= 0;
  }

  *#advance(group: number): Turns<void> {
    if (this.#ended()) return;
    this.left--;
    const own = this.#progress[group] as Progress;
    const { next, held } = own;
    const run = this.#run;
    const mark = run.mark();
    if (next === 0) this.#began.push(group);
    if (held !== -1) {
      run.ready(held);
      own.held = -1;
    } else {
      const bound = begin(run, this.#steps[group]?.[next] as Step);
      own.next++;
      if (bound !== -1 && !this.#isCounted(bound)) run.ready(bound);
      else own.held = bound;
    }
    if (this.left % stepsInTurn === 0) yield;
    if (run.problems.length === mark.problems) yield* this.visit();
    else this.#tell(run.problems.slice(mark.problems));
    run.rollback(mark);
    own.next = next;
    own.held = held;
    if (next === 0) this.#began.pop();
  }

  #tell(found: readonly Problem[]): void {
    // A budget that a failed group holds makes this group fail as well, and harms nobody.
    const isRefused = found.some(({ reason }) => reason.code === 'pod-disruption-budget');
    if (isRefused && this.#progress.some(({ failed, held }) => failed && held !== -1)) return;
    this.problems.push(...found);
    const failed = this.#progress.flatMap((own, group) => (own.failed ? [group] : []));
    this.witness = { began: [...this.#began], failed };
  }

  /** Whether somebody counts who of its kind is Ready: of others it makes no difference when they are. */
  #isCounted(pod: number): boolean {
    const { budgets, criticalSets, placement } = this.#run;
    return budgets.of(pod).length > 0 || criticalSets.some(({ workloads }) => workloads.has(placement.workloadOf(pod)));
  }

  #isDone(group: number): boolean {
    const { next, held } = this.#progress[group] as Progress;
    return held === -1 && next >= (this.#steps[group]?.length ?? 0);
  }

  #ancestorsDone(group: number): boolean {
    for (const parent of this.#run.index.parents[group] ?? []) if (!this.#isDone(parent)) return false;
    return true;
  }

  /** Groups that have begun, are not done and have not failed. */
  #active(): number[] {
    const active: number[] = [];
    for (const [group, { next, failed }] of this.#progress.entries())
      if (next > 0 && !failed && !this.#isDone(group)) active.push(group);
    return active;
  }

  /** States that behave alike from here on: the same progress, and pods of the same kinds in the same places. */
  #key(): string {
    const { placement, state } = this.#run;
    const own = placement.state.pods.count;
    const placed = new Float64Array(placement.podCount - own);
    for (let at = 0; at < placed.length; at++)
      placed[at] = this.#kinds.of(placement.incoming(own + at)) * mostNodes + placement.nodeOf(own + at);
    let key = '';
    for (const { next, held, failed } of this.#progress) key += `${next}${held === -1 ? '' : 'h'}${failed ? 'f' : ''},`;
    return `${key} ${state.pending.length} ${placed.sort().join()}`;
  }
}

/** More nodes than any cluster has: a kind of pods and a node are one number. */
const mostNodes = 2 ** 24;

/** Numbers for kinds of pods that are the same to a state. */
class Kinds {
  readonly #known = new Map<string, number>();
  readonly #ofPod = new WeakMap<IncomingPod, number>();

  of(pod: IncomingPod): number {
    let kind = this.#ofPod.get(pod);
    if (kind === undefined) {
      const key = `${pod.template} ${pod.workload} ${pod.name ?? ''}`;
      kind = this.#known.get(key) ?? this.#known.size;
      this.#known.set(key, kind);
      this.#ofPod.set(pod, kind);
    }
    return kind;
  }
}
