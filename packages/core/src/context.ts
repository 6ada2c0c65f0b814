import { Aborted } from './errors/aborted.js';
import { WorkLimitReached } from './errors/work-limit-reached.js';

/** Everything an engine may know beside its request. */
export interface DecisionContext {
  /** Milliseconds since the epoch: the only clock an engine has. */
  readonly now: number;
  /** For all random choices. */
  readonly seed: number;
  /**
   * Accounts for work: one unit is one pod tested against one node class. Call it in every loop. It yields to the event
   * loop now and then, throws `Aborted` once the signal fired, and `WorkLimitReached` at the limit. An engine may catch
   * the latter and return its best plan so far with `truncated: true`.
   */
  spend(units: number): Promise<void>;
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}

export interface Progress {
  /** From 0 to 1. */
  readonly share: number;
  readonly message: string;
}

export interface ContextOptions {
  readonly now: number;
  readonly seed?: number;
  /** Work units; unlimited when absent. */
  readonly workLimit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A context that also tells what was spent, for hosts. */
export interface HostContext extends DecisionContext {
  readonly spentUnits: number;
}

/** Longest stretch without letting timers, sockets and aborts have their turn. */
const yieldEveryMs = 10;

/** Makes a context. Core keeps the time here, and only to know when to yield, so that results depend on units alone. */
export function createContext(options: ContextOptions): HostContext {
  const signal = options.signal ?? new AbortController().signal;
  const limit = options.workLimit ?? Number.POSITIVE_INFINITY;
  let spent = 0;
  let lastYield = performance.now();
  return {
    now: options.now,
    seed: options.seed ?? 0,
    signal,
    onProgress: options.onProgress ?? (() => {}),
    get spentUnits() {
      return spent;
    },
    async spend(units) {
      if (!(units >= 0)) throw new RangeError(`spend: units must be zero or more, not ${units}`);
      if (signal.aborted) throw new Aborted(signal.reason);
      if (spent + units > limit) throw new WorkLimitReached(limit);
      spent += units;
      if (performance.now() - lastYield < yieldEveryMs) return;
      await turnOfOthers();
      lastYield = performance.now();
      if (signal.aborted) throw new Aborted(signal.reason);
    },
  };
}

/** A timer waits for a millisecond at the least, a tenth of the time between two of them; elsewhere than in Node there is nothing else. */
function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
