import { type BoundProblem, type DualPrices, mostWorth } from '@cloudoptim/scheduling';
import { type Choices, cheapestChoices, leadingColumns, relabelled } from './choices.js';
import { ColumnPrices } from './column-prices.js';

/** How many columns may join from one look to the next, and what share of the bound they must cost it. */
const mostJoining = 6;
const worthJoining = 2e-4;

/**
 * The dual of the bound's linear programme as a game: every class of pods splits itself over the columns where it is cheapest,
 * every column shares its price out over its resources, the more the scarcer. Both sides follow their regrets (regret matching+,
 * Tammelin 2014, arXiv:1407.5042): no step size to choose, and averages that come near the optimum in some hundred turns.
 * What pods must pay at these averages is a feasible dual at any time, so that stopping early costs strength, never soundness.
 */
export class PriceGame {
  #problem: BoundProblem;
  readonly #columns: ColumnPrices;
  readonly #inPlay: Set<number>;
  #choices: Choices;
  /** Turns since the last look at all columns. */
  #turn = 0;

  constructor(problem: BoundProblem) {
    this.#problem = problem;
    this.#columns = new ColumnPrices(problem);
    this.#inPlay = new Set(leadingColumns(problem));
    for (const column of this.#inPlay) this.#columns.join(column);
    this.#choices = cheapestChoices(problem, this.#columns, this.#inPlay).choices();
  }

  /**
   * Goes on with other pods and the same columns, none of them limited: what was learnt of prices nearly holds while pods are used
   * up. `earlierOf` says which class each was, -1 for a new one. Regrets are sums over pods, and so `share` of them counts, what part
   * of the pods there is still: with much less, learning starts anew; with much more, it takes long to change its mind.
   */
  goOn(problem: BoundProblem, earlierOf: ArrayLike<number>, share: number): void {
    this.#problem = problem;
    this.#columns.goOn(problem, share);
    this.#turn = 0;
    const before = relabelled(this.#choices, earlierOf, share);
    this.#choices = cheapestChoices(problem, this.#columns, this.#inPlay, before).choices();
  }

  /** Work of one turn, in class-column pairs. */
  get unitsPerTurn(): number {
    return this.#choices.column.length;
  }

  /** Plays some turns among the choices kept; later turns since the last look weigh more. */
  play(turns: number): void {
    for (let turn = 0; turn < turns; turn++) {
      if (this.#turn === 0) this.#columns.restart(this.#choices);
      this.#turn++;
      this.#splitClasses();
      this.#columns.respond(this.#choices, this.#turn ** 2);
    }
  }

  /**
   * Looks at every class and column: what the average prices prove, and which columns and choices are worth weighing next. After the
   * last look the game is over, or goes on with other pods: which choices are worth it then is found there.
   */
  prices(isLast = false): DualPrices {
    this.#turn = 0;
    this.#columns.guessUnused();
    const { perPod, choices } = cheapestChoices(this.#problem, this.#columns, this.#inPlay, this.#choices);
    const prices = { classes: perPod, columns: this.#columns.perUnit() };
    const joining = this.#bargains(prices);
    for (const column of joining) {
      this.#inPlay.add(column);
      this.#columns.join(column);
    }
    if (isLast) return prices;
    this.#choices =
      joining.length === 0
        ? choices()
        : cheapestChoices(this.#problem, this.#columns, this.#inPlay, this.#choices).choices();
    return prices;
  }

  /** Columns out of play that cost the bound most: as a share of it, by how much their pods are worth more than their nodes cost. */
  #bargains(prices: DualPrices): number[] {
    const { classes, columns } = this.#problem;
    const all = classes.reduce((sum, { count }, index) => sum + count * (prices.classes[index] as number), 0);
    const found: { readonly column: number; readonly lost: number }[] = [];
    columns.forEach(({ usdPerHour, supply, kept }, column) => {
      if (this.#inPlay.has(column)) return;
      const worth = mostWorth(this.#problem, prices, column);
      const lost =
        supply === Number.POSITIVE_INFINITY
          ? worth / usdPerHour - 1
          : (supply * (kept ? worth : worth - usdPerHour)) / all;
      if (lost > worthJoining) found.push({ column, lost });
    });
    found.sort((a, b) => b.lost - a.lost || a.column - b.column);
    return found.slice(0, mostJoining).map(({ column }) => column);
  }

  #splitClasses(): void {
    const { first, share, regret, cost } = this.#choices;
    this.#columns.costs(this.#choices);
    for (let index = 0; index + 1 < first.length; index++) {
      const [from, to] = [first[index] as number, first[index + 1] as number];
      let mean = 0;
      for (let at = from; at < to; at++) mean += (share[at] as number) * (cost[at] as number);
      let total = 0;
      for (let at = from; at < to; at++) {
        const next = Math.max(0, (regret[at] as number) + mean - (cost[at] as number));
        regret[at] = next;
        total += next;
      }
      if (total > 0) for (let at = from; at < to; at++) share[at] = (regret[at] as number) / total;
    }
  }
}
