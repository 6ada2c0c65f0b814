/**
 * All ways to take some of so many pods of some classes, numbered such that the numbers of two loads without a pod in common add
 * up to the number of both: numbers in a mixed radix, whose digits are counts.
 */
export interface LoadSpace {
  readonly size: number;
  counts(load: number): number[];
  /** Whether the load has all that the part has. */
  contains(load: number, part: number): boolean;
}

/** Most loads that are ever worth numbering: twelve pods that all differ. */
const mostLoads = 4096;

/** Undefined where there are too many. */
export function loadSpace(most: readonly number[]): LoadSpace | undefined {
  const size = most.reduce((product, count) => product * (count + 1), 1);
  const bits = most.map((count) => 33 - Math.clz32(count));
  if (size > mostLoads || bits.reduce((sum, own) => sum + own, 0) > 31) return undefined;
  const counts = (load: number) => {
    let rest = load;
    return most.map((count) => {
      const own = rest % (count + 1);
      rest = Math.floor(rest / (count + 1));
      return own;
    });
  };
  // Counts side by side in bit fields with a spare bit each: subtracting borrows a spare bit where a count is too small.
  const code = new Int32Array(size);
  let spare = 0;
  for (let load = 0; load < size; load++) {
    let shift = 0;
    counts(load).forEach((count, at) => {
      code[load] = (code[load] as number) | (count << shift);
      shift += bits[at] as number;
    });
  }
  let shift = 0;
  for (const own of bits) {
    shift += own;
    spare |= 1 << (shift - 1);
  }
  return {
    size,
    counts,
    contains: (load, part) => ((((code[load] as number) | spare) - (code[part] as number)) & spare) === spare,
  };
}
