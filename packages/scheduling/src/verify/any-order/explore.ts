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
    for (let group = 0; group < this.#steps.length && !this.#ended(); group++) {
      const own = this.#progress[group] as Progress;
      if (own.failed || this.#isDone(group) || !this.#ancestorsDone(group)) continue;
      const active = this.#active();
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
    const before = { ...own };
    const run = this.#run;
    const mark = run.mark();
    if (own.next === 0) this.#began.push(group);
    if (own.held !== -1) {
      run.ready(own.held);
      own.held = -1;
    } else {
      own.held = begin(run, this.#steps[group]?.[own.next] as Step);
      own.next++;
    }
    const found = run.problems.slice(mark.problems);
    // A budget that a failed group holds makes this group fail as well, and harms nobody.
    const refusedFor = found.filter(({ reason }) => reason.code === 'pod-disruption-budget');
    const blocked = refusedFor.length > 0 && this.#progress.some(({ failed, held }) => failed && held !== -1);
    if (!blocked && found.length > 0) this.#tell(found);
    if (this.left % stepsInTurn === 0) yield;
    if (found.length === 0) yield* this.visit();
    run.rollback(mark);
    Object.assign(own, before);
    if (own.next === 0) this.#began.pop();
  }

  #tell(found: readonly Problem[]): void {
    this.problems.push(...found);
    const failed = this.#progress.flatMap((own, group) => (own.failed ? [group] : []));
    this.witness = { began: [...this.#began], failed };
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
    return this.#progress.flatMap(({ next, failed }, group) =>
      next > 0 && !failed && !this.#isDone(group) ? [group] : [],
    );
  }

  /** States that behave alike from here on: the same progress, and pods of the same kinds in the same places. */
  #key(): string {
    const { placement, state } = this.#run;
    const placed: string[] = [];
    for (let pod = placement.state.pods.count; pod < placement.podCount; pod++) {
      const own = placement.incoming(pod);
      placed.push(`${own.template} ${own.workload} ${own.name ?? ''} ${placement.nodeOf(pod)}`);
    }
    const progress = this.#progress.map(
      ({ next, held, failed }) => `${next}${held === -1 ? '' : 'h'}${failed ? 'f' : ''}`,
    );
    return `${progress.join()} ${state.pending.length} ${placed.sort().join()}`;
  }
}
