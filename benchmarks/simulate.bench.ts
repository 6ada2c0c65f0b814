import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterState } from '@cloudoptim/core';
import { fullScan } from './baselines/full-scan.js';
import type { Bench, BenchCheck } from './bench.js';
import { type Size, simulateCluster, type Work } from './generators/simulate-cluster.js';

/**
 * How fast the fast half places pods and takes drained nodes back. The clock covers a ClusterState in (indexing, compiling),
 * pods in queue order, placements and reasons out; generation and parsing are excluded and shown beside. Every row is fresh
 * processes over the built packages: the first run of each is cold, and the median of these is shown; in one of them more runs are warm.
 * Processor time stands beside the wall clock, since other work on the machine slows only the latter. Machines differ by more than that,
 * and one machine from hour to hour: beside each row stands what a full scan of all nodes takes in the same minute.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-simulate-'));
  try {
    const results: Result[] = [];
    for (const { work, size, what } of questions(quick)) {
      log(`simulate: ${what} of ${work}, ${size.nodes} nodes and ${size.pods} pods`);
      const before = performance.now();
      const path = join(folder, 'state.json');
      const state = simulateCluster(work, size, seed);
      writeFileSync(path, JSON.stringify(state));
      const generateMs = performance.now() - before;
      const measured = measure(path, what, size === large && !quick ? coldRuns : 1);
      const scanned = isScanned(work, size, what, quick) ? scan(state) : undefined;
      results.push({ work, size, what, generateMs, ...measured, scanned });
    }
    return { rows: results.map(row), checks: results.flatMap(checksOf) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type What = 'leastAllocated' | 'firstFeasible' | 'drains' | 'equals plain';

interface Question {
  readonly work: Work;
  readonly size: Size;
  readonly what: What;
}

const large: Size = { nodes: 5_000, pods: 150_000 };

/** Processes of a row that has a target: what else a machine does shows in any one of them. */
const coldRuns = 5;

const works: readonly Work[] = ['plain', 'mix', 'mixShared', 'workloads', 'shapes', 'overload', 'fixture'];

function questions(quick: boolean): Question[] {
  const small = { nodes: 1_000, pods: 10_000 };
  const middle = { nodes: 5_000, pods: 45_000 };
  // An independent scan takes minutes at more than this.
  const equal = works.map((work): Question => ({ work, size: small, what: 'equals plain' }));
  const sizes = quick ? [small] : [small, middle, large];
  const placing = sizes.flatMap((size) =>
    works.flatMap((work): Question[] => [
      { work, size, what: 'leastAllocated' },
      ...(work === 'plain' || work === 'mix' ? [{ work, size, what: 'firstFeasible' } as const] : []),
    ]),
  );
  const drains = (['plain', 'workloads'] as const).map(
    (work): Question => ({ work, size: quick ? small : large, what: 'drains' }),
  );
  return [...(quick ? equal.slice(0, 2) : equal), ...placing, ...drains];
}

interface Measured {
  readonly parseMs: number;
  readonly coldMs: number;
  readonly coldCpuMs: number;
  readonly warmMs: number;
  readonly done: number;
  readonly unplaced: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly exact: boolean;
  /** Digest of where each pod went. */
  readonly placed: string;
  readonly templates: number;
  readonly parsedMiB: number;
  readonly peakMiB: number;
}

interface Result extends Question, Measured {
  readonly generateMs: number;
  readonly scanned: Scanned | undefined;
}

interface Scanned {
  readonly ms: number;
  readonly placed: string;
}

/** It takes 20 seconds for each work on a slow machine; of the fixture, part of which is bound already, it knows nothing. */
function isScanned(work: Work, size: Size, what: What, quick: boolean): boolean {
  return what === 'leastAllocated' && work !== 'fixture' && (quick || size.pods === large.pods);
}

function scan(state: ClusterState): Scanned {
  const start = performance.now();
  const placed = fullScan(state);
  const ms = performance.now() - start;
  return {
    ms,
    placed: createHash('sha256')
      .update(JSON.stringify([...placed]))
      .digest('hex'),
  };
}

function row(result: Result) {
  return {
    what: result.what,
    work: result.work,
    nodes: result.size.nodes,
    pods: result.size.pods,
    templates: result.templates,
    coldMs: Math.round(result.coldMs),
    coldCpuMs: Math.round(result.coldCpuMs),
    warmMs: Math.round(result.warmMs),
    done: result.done,
    donePerS: Math.round(perSecond(result)),
    unplaced: result.unplaced,
    because: Object.entries(result.reasons)
      .map(([reason, count]) => `${reason} (${count})`)
      .join('; '),
    exact: result.exact,
    scanMs: result.scanned === undefined ? '' : Math.round(result.scanned.ms),
    parsedRssMiB: Math.round(result.parsedMiB),
    peakRssMiB: Math.round(result.peakMiB),
    generateMs: Math.round(result.generateMs),
    parseMs: Math.round(result.parseMs),
  };
}

function perSecond({ done, coldMs }: Measured): number {
  return (done / coldMs) * 1000;
}

/** Least pods placed a second, cold. */
const leastPerSecond: Partial<Record<Work, number>> = {
  plain: 300_000,
  mix: 150_000,
  mixShared: 150_000,
  workloads: 150_000,
};
/** The same over what such a scan placed a second where the targets above were set: 24,000 plain pods, 17,000 of a mix. */
const leastTimesScan: Partial<Record<Work, number>> = { plain: 12.5, mix: 8.8, mixShared: 8.8, workloads: 8.8 };
const mostMs: Partial<Record<Work, number>> = { shapes: 2_500, overload: 800 };

function checksOf(result: Result): BenchCheck[] {
  const { what, work, size, exact, scanned } = result;
  const name = `${what}, ${work}, ${size.nodes}/${size.pods}`;
  if (what === 'equals plain')
    return [
      { what: `${name}: placements and reasons`, value: exact ? 'equal' : 'DIFFERENT', target: 'equal', met: exact },
    ];
  if (what === 'drains')
    return [
      atLeast(`${name}: what-ifs a second`, perSecond(result), 10_000),
      { what: `${name}: taken back`, value: exact ? 'exactly' : 'NOT', target: 'exactly', met: exact },
    ];
  const asScanned = scanned === undefined ? [] : [placedAsScanned(name, result.placed, scanned)];
  if (what !== 'leastAllocated' || size.pods < 150_000) return asScanned;
  const [least, most, times] = [leastPerSecond[work], mostMs[work], leastTimesScan[work]];
  return [
    ...asScanned,
    ...(times === undefined || scanned === undefined
      ? []
      : [atLeast(`${name}: times as quick as a full scan`, scanned.ms / result.coldMs, times, 1)]),
    ...(least === undefined ? [] : [atLeast(`${name}: placed a second, cold`, perSecond(result), least)]),
    ...(most === undefined ? [] : [atMost(`${name}: cold, ms`, result.coldMs, most)]),
    atMost(`${name}: peak memory, MiB`, result.peakMiB, 250),
  ];
}

function placedAsScanned(name: string, placed: string, scanned: Scanned): BenchCheck {
  const met = placed === scanned.placed;
  return { what: `${name}: placements of a full scan`, value: met ? 'equal' : 'DIFFERENT', target: 'equal', met };
}

function atLeast(what: string, value: number, target: number, digits = 0): BenchCheck {
  return { what, value: Number(value.toFixed(digits)), target: `at least ${target}`, met: value >= target };
}

function atMost(what: string, value: number, target: number): BenchCheck {
  return { what, value: Math.round(value), target: `at most ${target}`, met: value <= target };
}

/**
 * Memory after the cold run: warm ones only add garbage of their own. What parsing left behind is collected before, since it is
 * excluded: of the mix the text alone is 46 MiB. Where Linux tells it is that of this program: what the process had been before, a copy of
 * the one that started it, counts in its maximum resident set too.
 */
const measureScript = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createFastPlacement, createPlacement, pendingPods, simulate, simulatePlain } from '@cloudoptim/scheduling';
const [path, what, isWarmed] = process.argv.slice(1);
const timed = (work) => {
  const cpu = process.cpuUsage(), start = performance.now(), value = work();
  const ms = performance.now() - start, used = process.cpuUsage(cpu);
  return { ms, cpuMs: (used.user + used.system) / 1000, value };
};
const peakMiB = () => {
  try {
    return Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
};
const parse = () => {
  const text = readFileSync(path, 'utf8');
  return timed(() => JSON.parse(text));
};
const parsed = parse();
const state = parsed.value;
const parsedMiB = peakMiB();
gc();
const rule = what === 'firstFeasible' ? what : 'leastAllocated';
const place = () => {
  const pods = pendingPods(state);
  const placement = createFastPlacement(state);
  return { placement, pods, result: simulate(placement, pods, { rule }) };
};
const whereAll = (placement) => JSON.stringify(Array.from({ length: placement.nodeCount },
  (_, node) => [placement.podsOn(node), placement.free(node)]));
const emptyEach = (placement) => {
  for (let node = 0; node < placement.nodeCount; node++) {
    const mark = placement.mark();
    placement.cordon(node);
    for (const pod of [...placement.podsOn(node)]) {
      placement.remove(pod);
      const incoming = { template: placement.templateOf(pod), workload: placement.workloadOf(pod) };
      const target = placement.choose(incoming, rule);
      if (target === -1) break;
      placement.place(incoming, target);
    }
    placement.rollback(mark);
  }
};
let cold, runs, done, exact = true;
const reasons = {};
let unplaced = [], positions = [];
if (what === 'drains') {
  const { placement } = place();
  const before = whereAll(placement);
  cold = timed(() => emptyEach(placement));
  if (isWarmed === 'warmed') runs = [1, 2, 3].map(() => timed(() => emptyEach(placement)).ms);
  done = placement.nodeCount;
  exact = whereAll(placement) === before;
} else {
  cold = timed(place);
  const { pods, result } = cold.value;
  unplaced = result.unplaced;
  positions = result.placed;
  done = pods.length - unplaced.length - result.unsupported.length;
  for (const { reasons: said } of unplaced) for (const reason of Object.keys(said)) reasons[reason] = (reasons[reason] ?? 0) + 1;
  if (what === 'equals plain')
    exact = JSON.stringify(simulatePlain(createPlacement(state), pods, { rule })) === JSON.stringify(result);
}
const peak = peakMiB();
runs ??= what === 'equals plain' || isWarmed !== 'warmed' ? [cold.ms] : [1, 2, 3, 4, 5].map(() => timed(place).ms);
const warmMs = runs.sort((a, b) => a - b)[runs.length >> 1];
const placed = createHash('sha256').update(JSON.stringify(positions)).digest('hex');
process.stdout.write(JSON.stringify({
  parseMs: parsed.ms, coldMs: cold.ms, coldCpuMs: cold.cpuMs, warmMs, done, unplaced: unplaced.length, reasons, exact, placed,
  templates: state.podTemplates.length, parsedMiB, peakMiB: peak,
}));`;

const root = fileURLToPath(new URL('..', import.meta.url));

/** All from the first of so many processes, but the time of the cold run from the one that is in the middle. */
function measure(path: string, what: What, times: number): Measured {
  const all = Array.from({ length: times }, (_, at) => measureOnce(path, what, at === 0 ? 'warmed' : 'cold'));
  const [first] = all;
  const middle = all.toSorted((a, b) => a.coldMs - b.coldMs)[times >> 1];
  if (first === undefined || middle === undefined) throw new RangeError('Nothing was measured.');
  return {
    ...first,
    coldMs: middle.coldMs,
    coldCpuMs: middle.coldCpuMs,
    exact: all.every(({ exact }) => exact),
    peakMiB: Math.max(...all.map(({ peakMiB }) => peakMiB)),
  };
}

function measureOnce(path: string, what: What, more: 'warmed' | 'cold'): Measured {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', measureScript, '--', path, what, more],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  if (status !== 0) throw new Error(`a measured process failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}
