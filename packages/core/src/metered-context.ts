import type { DecisionContext, HostContext } from './context.js';

/** The same context, counting what is spent through it: a host may use one context for several engines. */
export function meteredContext(context: DecisionContext): HostContext {
  let spent = 0;
  return {
    now: context.now,
    seed: context.seed,
    signal: context.signal,
    onProgress: (progress) => context.onProgress(progress),
    get spentUnits() {
      return spent;
    },
    async spend(units) {
      await context.spend(units);
      spent += units;
    },
  };
}
