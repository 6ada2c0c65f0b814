import type { BoundProblem } from '@cloudoptim/scheduling';
import type { PodKinds } from './pod-kinds.js';
import type { Stock } from './stock.js';

/** How strongly pods that lag behind are favoured. */
const urgency = 1.5;

/**
 * How far pods of one size and shape are behind the others: what part of them is left, by the part that is left of all. Taken by
 * size and shape, and not by kind, since a kind may be a single pod, which is either there or gone.
 */
export class Pace {
  readonly #bucketOf: Int32Array;
  readonly #size: Float64Array;
  readonly #first: Float64Array;

  constructor(problem: BoundProblem, kinds: PodKinds, stock: Stock) {
    const shares = sharesOf(problem, kinds);
    this.#size = Float64Array.from(shares, (own) => own.reduce((sum, share) => sum + share, 0));
    this.#bucketOf = bucketsOf(problem, kinds, shares, this.#size);
    this.#first = this.#totals(stock);
  }

  favour(stock: Stock): Float64Array {
    const now = this.#totals(stock);
    const sum = (totals: Float64Array) => totals.reduce((all, own) => all + own, 0);
    const pace = sum(now) / sum(this.#first);
    return Float64Array.from(this.#bucketOf, (bucket) => {
      const behind = (now[bucket] as number) / (this.#first[bucket] as number) / pace;
      return Number.isFinite(behind) ? behind ** urgency : 1;
    });
  }

  #totals({ ofKind }: Stock): Float64Array {
    const totals = new Float64Array(this.#bucketOf.length);
    ofKind.forEach((left, kind) => {
      const bucket = this.#bucketOf[kind] as number;
      totals[bucket] = (totals[bucket] as number) + left * (this.#size[kind] as number);
    });
    return totals;
  }
}

/** What share of all that is asked of each row one pod of each kind asks; places for pods aside. */
function sharesOf({ rows: names, classes }: BoundProblem, { count, rows, needs, members }: PodKinds): number[][] {
  const width = rows.length;
  const pods = Array.from({ length: count }, (_, kind) =>
    (members[kind] as readonly number[]).reduce((sum, index) => sum + (classes[index]?.count ?? 0), 0),
  );
  const totals = rows.map((_, at) =>
    pods.reduce((sum, left, kind) => sum + left * (needs[kind * width + at] as number), 0),
  );
  return pods.map((_, kind) =>
    rows.flatMap((row, at) =>
      names[row] === 'pods' ? [] : [(needs[kind * width + at] as number) / (totals[at] || 1)],
    ),
  );
}

/** Numbers that are the same for kinds of one rule, about one size (to a doubling) and about one shape. */
function bucketsOf(
  { classes }: BoundProblem,
  { count, members }: PodKinds,
  shares: readonly (readonly number[])[],
  size: Float64Array,
): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from({ length: count }, (_, kind) => {
    const own = size[kind] as number;
    const shape = (shares[kind] as readonly number[]).map((share) =>
      Math.round(2 * Math.log2(share / (own || 1) + 1 / 16)),
    );
    const rule = classes[members[kind]?.[0] as number]?.rule;
    const key = [rule, Math.round(Math.log2(own || 1e-12)), ...shape].join(' ');
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
