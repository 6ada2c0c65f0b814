import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import type { DrainSize } from './generators/drain-cluster.js';
import { type DrainShape, drainCase } from './generators/drain-plan.js';

/**
 * How long verifyPlan takes on generated plans: for the first one on a state in a fresh process (`cold`, indexing included, median of 5
 * processes), for the next ones on the same state (`again`, median of 3), and for new states once the process is warm (`warm`, median of
 * 3). Generating, sealing and parsing are outside the clock.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const sizes: readonly Omit<DrainSize, 'seed'>[] = quick
    ? [{ nodes: 200, pods: 5_000, groups: 10 }]
    : [
        { nodes: 1_000, pods: 10_000, groups: 50 },
        { nodes: 5_000, pods: 150_000, groups: 500 },
      ];
  const shapes: readonly DrainShape[] = ['chain', 'inFlight', 'refused', 'tight', 'waiting', 'near'];
  const rows: Record<string, string | number>[] = [];
  const checks = [];
  for (const size of sizes)
    for (const shape of shapes) {
      log(`verify: ${size.groups} groups at ${size.nodes} nodes, ${size.pods} pods, ${shape}`);
      const result = await measured({ ...size, seed }, shape);
      rows.push({
        nodes: size.nodes,
        pods: result.pods,
        groups: size.groups,
        shape,
        verdict: result.verdict,
        evictions: result.evictions,
        replays: result.replays,
        placements: result.placements,
        robustness: result.robustness ?? '',
        coldS: round(result.coldS),
        warmS: round(result.warmS),
        againS: round(result.againS),
        peakMiB: Math.round(result.peakMiB),
      });
      const limit = size.nodes >= 5_000 ? 2 : 0.2;
      const name = `${size.groups} groups at ${size.nodes}, ${shape}`;
      const wanted = shape === 'refused' ? 'refused' : 'verified';
      checks.push({ what: `${name}: verdict`, value: result.verdict, target: wanted, met: result.verdict === wanted });
      // Nobody has said how quick that has to be.
      if (shape === 'waiting') continue;
      checks.push(
        {
          what: `${name}: cold, s`,
          value: round(result.coldS),
          target: `at most ${limit}`,
          met: result.coldS <= limit,
        },
        {
          what: `${name}: warm, s`,
          value: round(result.warmS),
          target: `at most ${limit}`,
          met: result.warmS <= limit,
        },
      );
    }
  return { rows, checks };
};

/** What else a machine does shows in any one of them. */
const coldRuns = 5;

interface Measured {
  readonly pods: number;
  readonly verdict: string;
  readonly evictions: number;
  readonly replays: number;
  readonly placements: number;
  readonly robustness?: number;
  readonly coldS: number;
  readonly warmS: number;
  readonly againS: number;
  readonly peakMiB: number;
}

async function measured(size: DrainSize, shape: DrainShape): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-verify-'));
  try {
    const file = join(folder, 'case.json');
    writeFileSync(file, JSON.stringify(await drainCase(size, shape)));
    const all = Array.from({ length: coldRuns }, (_, at) => once(file, at === 0 ? 'warmed' : 'cold'));
    const cold = all.map(({ coldS }) => coldS).sort((a, b) => a - b);
    return { ...(all[0] as Measured), coldS: cold[coldRuns >> 1] as number };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function once(file: string, more: 'warmed' | 'cold'): Measured {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script, '--', file, more],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`a measured process failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

const script = `
import { readFileSync } from 'node:fs';
import { verifyPlan } from '@cloudoptim/scheduling';
const text = readFileSync(process.argv[1], 'utf8');
const timed = (one) => {
  const before = performance.now();
  const answer = verifyPlan(one.state, one.market, one.policy, one.plan, { now: one.state.takenAtMs, seed: 1 });
  return [(performance.now() - before) / 1000, answer];
};
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const first = JSON.parse(text);
const [coldS, answer] = timed(first);
const more = process.argv[2] === 'warmed' ? 3 : 0;
const again = Array.from({ length: more }, () => timed(first)[0]);
const warm = Array.from({ length: more }, () => timed(JSON.parse(text))[0]);
process.stdout.write(JSON.stringify({
  pods: first.state.pods.count, verdict: answer.verdict, ...answer.checked, robustness: answer.robustness,
  refusals: answer.refusals.slice(0, 3), coldS, warmS: median(warm), againS: median(again),
  peakMiB: process.resourceUsage().maxRSS / 1024,
}));`;

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
