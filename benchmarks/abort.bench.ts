import { Aborted, createContext } from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';
import type { Bench } from './bench.js';
import type { PackingFixture } from './generators/packing-fixture.js';
import { grownCluster, packingFixtures } from './generators/packing-fixtures.js';

/** When a signal fires, as shares of the time that a whole analysis takes. */
const moments = [0.1, 0.3, 0.5, 0.7, 0.9];
const targetMs = 50;

/**
 * How soon an abort is heard: how long the analysis of a running cluster keeps the event loop to itself at most, in a run that
 * is left alone, and after how long runs end whose signal fires on the way. The first analysis of a process is not measured.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const rows = [];
  for (const pods of quick ? [600] : [600, 15_000, 150_000]) {
    const fixture = packingFixtures({ pods, seed, log })[1];
    if (fixture === undefined) throw new RangeError('There is no such fixture.');
    const cluster = grownCluster(fixture, 'm6a.4xlarge');
    log(`abort: ${cluster.name}, ${cluster.state.nodes.length} nodes`);
    if (rows.length === 0) await analysed(cluster);
    const whole = await analysed(cluster);
    const latencies: number[] = [];
    for (const moment of moments) {
      const { heardAfterMs } = await analysed(cluster, moment * whole.ms);
      if (heardAfterMs !== undefined) latencies.push(heardAfterMs);
    }
    rows.push({
      nodes: cluster.state.nodes.length,
      pods: cluster.state.pods.count,
      planMs: Math.round(whole.ms),
      longestTurnMs: Math.round(whole.longestTurnMs),
      during: whole.during,
      aborted: latencies.length,
      heardAfterMs: latencies.map(Math.round).join(' '),
    });
  }
  return {
    rows,
    checks: rows.map(({ nodes, longestTurnMs }) => ({
      what: `${nodes} nodes: longest time without a turn for others, ms`,
      value: longestTurnMs,
      target: `at most ${targetMs}`,
      met: longestTurnMs <= targetMs,
    })),
  };
};

interface Analysed {
  readonly ms: number;
  readonly longestTurnMs: number;
  /** What the engine said that it did then. */
  readonly during: string;
  /** From the signal to the answer; undefined where it was done before. */
  readonly heardAfterMs?: number;
}

async function analysed({ state, market, policy }: PackingFixture, abortAfterMs?: number): Promise<Analysed> {
  const controller = new AbortController();
  let abortedAt = 0;
  const timer = setTimeout(
    () => {
      abortedAt = performance.now();
      controller.abort();
    },
    abortAfterMs ?? 2 ** 31 - 1,
  );
  let doing = 'reading';
  const context = createContext({
    now: state.takenAtMs,
    seed: 1,
    signal: controller.signal,
    onProgress: ({ message }) => {
      doing = message;
    },
  });
  const turns = watchTurns(() => doing);
  const start = performance.now();
  try {
    await new BinpackEngine().analyze({ policy, cluster: state, market }, context);
  } catch (error) {
    if (!Aborted.isInstance(error)) throw error;
  }
  const end = performance.now();
  clearTimeout(timer);
  const { longestMs, during } = turns.stop();
  const heard = abortedAt > 0 ? { heardAfterMs: end - abortedAt } : {};
  return { ms: end - start, longestTurnMs: longestMs, during, ...heard };
}

/** Takes a turn of the event loop whenever there is one, and notes the longest time that it had to wait for it. */
function watchTurns(doing: () => string): { stop(): { readonly longestMs: number; readonly during: string } } {
  let last = performance.now();
  let [longestMs, during] = [0, ''];
  let stopped = false;
  const take = () => {
    const now = performance.now();
    if (now - last > longestMs) [longestMs, during] = [now - last, doing()];
    last = now;
    if (!stopped) setImmediate(take);
  };
  setImmediate(take);
  return {
    stop() {
      stopped = true;
      take();
      return { longestMs, during };
    },
  };
}
