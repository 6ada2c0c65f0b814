const RealDate = Date;
let depth = 0;

/**
 * Runs something under a clock that is 37 days and some minutes ahead: whatever reads the clock of the machine instead of the
 * context's `now` gives another answer. `Date` is put back afterwards; timers are left alone.
 */
export async function underOtherClock<T>(run: () => Promise<T>): Promise<T> {
  depth++;
  globalThis.Date = LaterDate as DateConstructor;
  try {
    return await run();
  } finally {
    depth--;
    if (depth === 0) globalThis.Date = RealDate;
  }
}

const ahead = 37 * 86_400_000 + 1_234_567;

class LaterDate extends RealDate {
  constructor(...values: [] | [number | string | Date]) {
    if (values.length === 0) super(RealDate.now() + ahead);
    else super(...(values as [number]));
  }

  static override now(): number {
    return RealDate.now() + ahead;
  }
}
