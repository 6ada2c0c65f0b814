import type { Step } from './changes.js';
import { failuresDrawn } from './drawn-replays.js';
import type { LaunchKind } from './launch-kind.js';
import { type Launchable, launchable } from './launchable.js';
import type { Model } from './model.js';
import { replayed, type Settled, savingsOf } from './settle.js';

/** Cheaper nodes tried in vain for one launch before the next is looked at. */
const mostMisses = 3;

/** Launches looked at in pairs: the dearest, since small ones add up to little. */
const mostInPairs = 10;

/** Most times that the proof is asked; most of the time it takes is spent there. */
const mostProofs = 30;

/** Whether steps that hold here hold for good. */
type Proof = (settled: Settled) => Promise<boolean>;

/**
 * Of each launch of proven steps, dearest first: is it needed at all, would a cheaper node do, or one for two? What is proven to hold
 * is kept. Packing leaves room for what the scheduler may do, often more than it needs. Cheapest first, every step of the way.
 * Throws WorkLimitReached where that ends it.
 */
export async function tightened(model: Model, proven: Settled, holds: Proof): Promise<readonly Settled[]> {
  const found = [proven];
  const attempts = new Attempts(model, found, holds);
  for (let before = -1; before !== found.length && attempts.isOpen; ) {
    before = found.length;
    await eachLaunch(model, attempts);
    await eachPair(model, attempts);
  }
  return found.reverse();
}

/** One launch of the steps that were proven last. */
interface Place {
  readonly step: Step;
  readonly at: number;
  readonly launch: Launchable;
}

class Attempts {
  readonly #model: Model;
  readonly #found: Settled[];
  readonly #holds: Proof;
  #proofs = 0;

  constructor(model: Model, found: Settled[], holds: Proof) {
    this.#model = model;
    this.#found = found;
    this.#holds = holds;
  }

  get isOpen(): boolean {
    return this.#proofs < mostProofs;
  }

  get last(): Settled {
    return this.#found[this.#found.length - 1] as Settled;
  }

  /** Launches of the last steps, dearest first. */
  places(): Place[] {
    const all = this.last.steps.flatMap((step) => step.launches.map((launch, at) => ({ step, at, launch })));
    return all.sort((a, b) => b.launch.usdPerHour - a.launch.usdPerHour);
  }

  /** Whether the steps hold with the new launch in the place of others, or with none there. */
  async swap(places: readonly Place[], by: Launchable | undefined): Promise<boolean> {
    if (!this.isOpen) return false;
    const steps = this.last.steps.map((step) => {
      const gone = new Set(places.filter((place) => place.step === step).map(({ at }) => at));
      if (gone.size === 0) return step;
      const kept = step.launches.filter((_, at) => !gone.has(at));
      return { ...step, launches: by !== undefined && places[0]?.step === step ? [...kept, by] : kept };
    });
    const savings = savingsOf(this.#model, steps);
    if (savings.savedUsdPerHour < this.last.savedUsdPerHour) return false;
    await this.#model.settle();
    const replay = await replayed(this.#model, steps, this.last.style);
    if ('failed' in replay || (await failuresDrawn(this.#model, steps, this.last.style.evictions, 'few')).size > 0)
      return false;
    const settled = { ...this.last, steps, replay, ...savings };
    this.#proofs++;
    if (!(await this.#holds(settled))) return false;
    this.#found.push(settled);
    return true;
  }
}

async function eachLaunch(model: Model, attempts: Attempts): Promise<void> {
  for (let turn = 0; turn < attempts.places().length && attempts.isOpen; turn++) {
    const place = attempts.places()[turn] as Place;
    if (await attempts.swap([place], undefined)) {
      turn--;
      continue;
    }
    await cheapest(model, attempts, [place]);
  }
}

async function eachPair(model: Model, attempts: Attempts): Promise<void> {
  const most = () => Math.min(mostInPairs, attempts.places().length);
  for (let first = 0; first < most(); first++)
    for (let second = first + 1; second < most() && attempts.isOpen; second++) {
      const places = attempts.places();
      const pair = [places[first] as Place, places[second] as Place];
      const [a, b] = pair.map(({ launch }) => launch.offerings[0].offering);
      if (a?.zone === b?.zone && a?.capacityType === b?.capacityType) await cheapest(model, attempts, pair);
    }
}

/** Swaps launches for one that is cheaper than they are together: a little first, then in longer strides. */
async function cheapest(model: Model, attempts: Attempts, places: readonly Place[]): Promise<void> {
  const launches = places.map(({ launch }) => launch);
  const [first] = launches as [Launchable];
  const below = launches.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0);
  const dearest = launches.reduce((sum, { dearestUsdPerHour }) => sum + dearestUsdPerHour, 0);
  const kind = kindOf(model, first);
  const choices = model
    .problems()
    .choices(kind)
    .candidates.filter(({ usdPerHour }) => usdPerHour < below);
  // One node for two is worth a try only where it is larger than either.
  const from = places.length === 1 ? 0 : choices.filter(({ usdPerHour }) => usdPerHour <= first.usdPerHour).length;
  let current = places;
  for (let at = choices.length - 1, stride = 1, misses = 0; at >= from && misses < mostMisses; at -= stride) {
    const wanted = choices[at];
    if (wanted === undefined) break;
    const limits = {
      policy: model.policy,
      maxOfferings: model.options.maxReplacementOfferings,
      belowUsdPerHour: dearest,
    };
    const choice = launchable(model.state, kind.pool, wanted, model.candidates(kind.pool).all, limits);
    if (choice === undefined || !(await attempts.swap(current, choice))) {
      misses++;
      continue;
    }
    current = attempts.places().filter(({ launch }) => launch === choice);
    [stride, misses] = [stride * 2, 0];
  }
}

/** What may come in the place of a launch. */
function kindOf({ options }: Model, { launchPool, offerings: [{ architecture, offering }] }: Launchable): LaunchKind {
  const { capacityType, zone } = offering;
  return {
    pool: launchPool,
    architecture: options.architectures === 'keep' ? architecture : undefined,
    capacityType,
    zone,
  };
}
