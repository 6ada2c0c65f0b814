/** Something that may be bought: what it costs, and what it adds to rows. */
export interface Purchase {
  readonly cost: number;
  readonly adds: readonly (readonly [row: number, amount: number])[];
}

/** Smaller differences are rounding. */
const tolerance = 1e-9;

/**
 * The least cost of purchases, parts of one allowed, that add up to what each row asks for or more; purchases may join at any
 * time. A row that asks for less than nothing is a limit. The revised simplex method with an explicit inverse: rows are some
 * hundreds at most, purchases join in small numbers, and each solution starts from the last. Rows ask for a hair more each, by
 * another amount, so that no two purchases leave at once and the method does not go round in circles.
 */
export class CoveringProgramme {
  readonly #asked: Float64Array;
  readonly #purchases: Purchase[] = [];
  readonly #amount: Float64Array;
  /** By row: the purchase in the basis, or -1 - r for what is beyond the asked of a row r. */
  readonly #basis: Int32Array;
  readonly #isBasic: boolean[] = [];
  /** Whether what is beyond the asked of a row is in the basis. */
  readonly #isSlack: Uint8Array;
  readonly #inverse: Float64Array;

  /** `first[row]` adds to that row alone; undefined where buying nothing keeps the row. */
  constructor(asked: readonly number[], first: readonly (Purchase | undefined)[]) {
    const rows = asked.length;
    this.#asked = Float64Array.from(asked, (amount, row) => amount + Math.max(1, Math.abs(amount)) * jitter(row));
    this.#amount = new Float64Array(rows);
    this.#basis = Int32Array.from(asked, (_, row) => -1 - row);
    this.#isSlack = new Uint8Array(rows);
    this.#inverse = new Float64Array(rows * rows);
    first.forEach((purchase, row) => {
      const amount = purchase?.adds[0]?.[1] ?? -1;
      if (purchase === undefined) this.#isSlack[row] = 1;
      else {
        this.#basis[row] = this.add(purchase);
        this.#isBasic[this.#basis[row] as number] = true;
      }
      this.#inverse[row * rows + row] = 1 / amount;
      this.#amount[row] = (this.#asked[row] as number) / amount;
    });
  }

  /** A purchase that may be made from now on; returns its number. */
  add(purchase: Purchase): number {
    this.#isBasic.push(false);
    return this.#purchases.push(purchase) - 1;
  }

  /** Improves until nothing is to be gained, or so often; returns how often it did. */
  solve(most: number): number {
    for (let pivot = 0; pivot < most; pivot++) {
      const prices = this.prices();
      const [entering, adds] = this.#entering(prices);
      if (adds === undefined) return pivot;
      if (!this.#enter(entering, adds)) return pivot;
    }
    return most;
  }

  /** What one more of each row costs. */
  prices(): Float64Array {
    const rows = this.#asked.length;
    const prices = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const cost = this.#costOf(this.#basis[row] as number);
      if (cost === 0) continue;
      for (let at = 0; at < rows; at++)
        prices[at] = (prices[at] as number) + cost * (this.#inverse[row * rows + at] as number);
    }
    return prices;
  }

  /** How much of each purchase is bought. */
  amounts(): Float64Array {
    const amounts = new Float64Array(this.#purchases.length);
    this.#basis.forEach((purchase, row) => {
      if (purchase >= 0) amounts[purchase] = Math.max(0, this.#amount[row] as number);
    });
    return amounts;
  }

  get usdPerHour(): number {
    return this.#basis.reduce((sum, purchase, row) => sum + this.#costOf(purchase) * (this.#amount[row] as number), 0);
  }

  #costOf(purchase: number): number {
    return purchase < 0 ? 0 : (this.#purchases[purchase] as Purchase).cost;
  }

  /** The purchase that saves the most for each unit; of what is beyond the asked, the row and that it takes from it. */
  #entering(prices: Float64Array): readonly [number, Purchase['adds'] | undefined] {
    let [least, best] = [-tolerance, -1];
    let adds: Purchase['adds'] | undefined;
    this.#purchases.forEach((purchase, index) => {
      if (this.#isBasic[index]) return;
      let saving = purchase.cost;
      for (const [row, amount] of purchase.adds) saving -= amount * (prices[row] as number);
      if (saving < least) [least, best, adds] = [saving, index, purchase.adds];
    });
    for (let row = 0; row < prices.length; row++)
      if (this.#isSlack[row] === 0 && (prices[row] as number) < least)
        [least, best, adds] = [prices[row] as number, -1 - row, [[row, -1]]];
    return [best, adds];
  }

  /** Exchanges it for what runs out first; false where nothing does. */
  #enter(entering: number, adds: Purchase['adds']): boolean {
    const rows = this.#asked.length;
    const inverse = this.#inverse;
    const change = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (const [at, amount] of adds) sum += amount * (inverse[row * rows + at] as number);
      change[row] = sum;
    }
    let [leaving, least, size] = [-1, Number.POSITIVE_INFINITY, 0];
    for (let row = 0; row < rows; row++) {
      const step = change[row] as number;
      if (step <= tolerance) continue;
      const ratio = Math.max(0, this.#amount[row] as number) / step;
      // Of those that run out together, the one that divides best.
      if (ratio < least - 1e-12 || (ratio <= least + 1e-12 && step > size)) [leaving, least, size] = [row, ratio, step];
    }
    if (leaving < 0) return false;
    for (let row = 0; row < rows; row++)
      if (row !== leaving) this.#amount[row] = (this.#amount[row] as number) - least * (change[row] as number);
    this.#amount[leaving] = least;
    const base = leaving * rows;
    for (let at = 0; at < rows; at++) inverse[base + at] = (inverse[base + at] as number) / size;
    for (let row = 0; row < rows; row++) {
      const factor = change[row] as number;
      if (row === leaving || factor === 0) continue;
      for (let at = 0; at < rows; at++)
        inverse[row * rows + at] = (inverse[row * rows + at] as number) - factor * (inverse[base + at] as number);
    }
    this.#exchange(leaving, entering);
    return true;
  }

  #exchange(row: number, entering: number): void {
    const gone = this.#basis[row] as number;
    if (gone >= 0) this.#isBasic[gone] = false;
    else this.#isSlack[-1 - gone] = 0;
    this.#basis[row] = entering;
    if (entering >= 0) this.#isBasic[entering] = true;
    else this.#isSlack[-1 - entering] = 1;
  }
}

function jitter(row: number): number {
  return (1e-7 * (1 + ((row * 37) % 101))) / 101;
}
