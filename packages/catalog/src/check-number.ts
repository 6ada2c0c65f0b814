/** Returns `value`, or throws a RangeError that says who asked, for what, and what would do. */
export function atLeast(minimum: number, value: number, caller: string, option: string): number {
  if (!Number.isFinite(value) || value < minimum) {
    throw new RangeError(`${caller}: ${option} is ${value}; give a number of at least ${minimum}, or leave it out.`);
  }
  return value;
}
