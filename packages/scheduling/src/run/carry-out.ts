import { shuffled } from '../random.js';
import type { Turns } from '../turns.js';
import type { PlanRun } from './plan-run.js';
import { begin, type Step, take } from './steps.js';

export interface Course {
  /** Groups that may be under way at once. */
  readonly inFlight: number;
  /** Draws the order of groups, whose step is next, and which fail; the plan's own order, one by one, when absent. */
  readonly random?: () => number;
  /** Chance that a group stops for good on the way. */
  readonly failureChance?: number;
  /** Whether the pods of a drain go in an order that is drawn too. */
  readonly shuffleDrains?: boolean;
  /** Whether to give up as soon as a pod finds no place. */
  readonly untilPending?: boolean;
}

interface Active {
  readonly group: number;
  readonly steps: readonly Step[];
  /** Steps that it takes before it fails; all when it does not. */
  readonly ends: number;
  next: number;
  /** A successor that is bound and not Ready. */
  held: number;
}

/** Steps in one turn: a millisecond or so. */
const stepsInTurn = 100;

/** Carries out a plan with its groups' steps interleaved as they may be, and each group after what it depends on. */
export function* carryOut(run: PlanRun, steps: readonly (readonly Step[])[], course: Course): Turns<void> {
  const { random } = course;
  let taken = 0;
  if (random === undefined) {
    for (const group of run.index.order ?? [])
      for (const step of steps[group] ?? []) {
        take(run, step);
        if (++taken % stepsInTurn === 0) yield;
      }
    return;
  }
  const { parents, children } = run.index;
  const waiting = parents.map((own) => own.size);
  const ready = waiting.flatMap((count, at) => (count === 0 ? [at] : []));
  const active: Active[] = [];
  for (;;) {
    while (active.length < course.inFlight && ready.length > 0)
      active.push(started(drawn(ready, random), steps, course, random));
    const at = active.length === 1 ? 0 : Math.floor(random() * active.length);
    const group = active[at];
    if (group === undefined) return;
    // What is alone needs no interleaving.
    do {
      advance(run, group, active.length > 1);
      if (++taken % stepsInTurn === 0) yield;
    } while (active.length === 1 && group.next < group.ends && !(course.untilPending && run.state.pending.length > 0));
    if (course.untilPending && run.state.pending.length > 0) return;
    if (group.next < group.ends || group.held !== -1) continue;
    active[at] = active[active.length - 1] as Active;
    active.pop();
    // What depends on a group that failed never starts.
    if (group.ends < group.steps.length) continue;
    for (const child of children[group.group] ?? []) if (--(waiting[child] as number) === 0) ready.push(child);
  }
}

function advance(run: PlanRun, group: Active, besideOthers: boolean): void {
  if (group.held !== -1) {
    run.ready(group.held);
    group.held = -1;
    return;
  }
  const step = group.next < group.ends ? group.steps[group.next++] : undefined;
  if (step === undefined) return;
  if (besideOthers) group.held = begin(run, step);
  else take(run, step);
}

function started(group: number, all: readonly (readonly Step[])[], course: Course, random: () => number): Active {
  const own = all[group] ?? [];
  const steps = course.shuffleDrains === true ? withDrainsShuffled(own, random) : own;
  const fails = course.failureChance !== undefined && random() < course.failureChance;
  const ends = fails ? Math.floor(random() * steps.length) : steps.length;
  return { group, steps, ends, next: 0, held: -1 };
}

/** Evictions of one action in any order, actions in theirs. */
function withDrainsShuffled(steps: readonly Step[], random: () => number): Step[] {
  const mixed: Step[] = [];
  for (let from = 0; from < steps.length; ) {
    let to = from + 1;
    while (to < steps.length && steps[to]?.entry === steps[from]?.entry) to++;
    mixed.push(...shuffled(steps.slice(from, to), random));
    from = to;
  }
  return mixed;
}

/** Takes one of the items out, any with the same chance. */
function drawn(items: number[], random: () => number): number {
  const pick = Math.floor(random() * items.length);
  const item = items[pick] as number;
  items[pick] = items[items.length - 1] as number;
  items.pop();
  return item;
}
