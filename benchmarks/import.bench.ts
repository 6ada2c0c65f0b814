import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';

/**
 * What `import { BinpackEngine } from '@cloudoptim/engine-binpack'` costs a script: each run is a fresh process that imports
 * the built package, times that import alone, and says how much memory it holds then. One more run lists every module loaded.
 */
export const run: Bench = async ({ quick, log }) => {
  const runs = quick ? 3 : 21;
  const milliseconds: number[] = [];
  const residentMib: number[] = [];
  const bareMib: number[] = [];
  for (let index = 0; index < runs; index++) {
    log(`import: run ${index + 1} of ${runs}`);
    const imported = inFreshProcess(timedImport);
    milliseconds.push(imported.milliseconds);
    residentMib.push(imported.residentMib);
    bareMib.push(inFreshProcess(nothing).residentMib);
  }
  const modules = loadedModules();
  const sdks = modules.filter((url) => sdk.test(url));
  const medianMilliseconds = round(median(milliseconds));
  return {
    rows: [
      {
        entry: '@cloudoptim/engine-binpack (ESM)',
        runs,
        medianMs: medianMilliseconds,
        slowestMs: round(Math.max(...milliseconds)),
        fastestMs: round(Math.min(...milliseconds)),
        medianRssMiB: round(median(residentMib)),
        bareNodeRssMiB: round(median(bareMib)),
        modules: modules.length,
      },
    ],
    checks: [
      { what: 'median import, ms', value: medianMilliseconds, target: '<= 150', met: medianMilliseconds <= 150 },
      {
        what: 'SDKs, solvers and clients loaded',
        value: sdks.length === 0 ? 'none' : sdks.join(' '),
        target: 'none',
        met: sdks.length === 0,
      },
    ],
  };
};

/** The repository's root, from where the workspace's packages resolve to their builds. */
const root = fileURLToPath(new URL('..', import.meta.url));
/** Heavy things that only the packages that need them may load, and lazily. */
const sdk = /@aws-sdk|@smithy|kubernetes.*client|highs|xgboost|\bexpress\b|\byaml\b/i;

const report = `process.stdout.write(JSON.stringify({ milliseconds: performance.now() - before, residentMib: process.memoryUsage().rss / 2 ** 20 }));`;
const timedImport = `const before = performance.now(); const { BinpackEngine } = await import('@cloudoptim/engine-binpack'); if (typeof BinpackEngine !== 'function') throw new Error('BinpackEngine is missing'); ${report}`;
const nothing = `const before = performance.now(); ${report}`;

interface Measured {
  readonly milliseconds: number;
  readonly residentMib: number;
}

function inFreshProcess(script: string): Measured {
  return JSON.parse(node(['--input-type=module', '--eval', script])) as Measured;
}

/** URLs of all modules that the import loads, told by a load hook. */
function loadedModules(): string[] {
  const hook = `import { writeSync } from 'node:fs'; export function load(url, context, next) { writeSync(1, url + '\\n'); return next(url, context); }`;
  const script = `import { register } from 'node:module'; register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(hook))}); await import('@cloudoptim/engine-binpack');`;
  const lines = node(['--input-type=module', '--eval', script]).split('\n');
  return [...new Set(lines.filter((line) => line.startsWith('file:') || line.startsWith('node:')))];
}

function node(parameters: readonly string[]): string {
  // Options of the benchmark's own process (its TypeScript loader above all) would be measured as well.
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`node ${parameters[0]} ended with ${status}: ${stderr.trim()}`);
  return stdout;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
