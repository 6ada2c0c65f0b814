import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import { kubectlDump } from './generators/kubectl-dump.js';

/**
 * From a dump of kubectl to a decision's doorstep: a generated dump on disk becomes a ClusterState, the state is parsed and
 * validated, and an engine that does nothing is run on it. Every measurement is a fresh process over the built packages.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const size = quick ? { nodes: 500, pods: 15_000, workloads: 300 } : { nodes: 5_000, pods: 150_000, workloads: 3_000 };
  const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-state-'));
  try {
    const dump = join(folder, 'dump.json');
    const state = join(folder, 'state.json');
    log(`state: writing a dump of ${size.nodes} nodes and ${size.pods} pods`);
    await writeText(dump, kubectlDump({ ...size, seed }));
    const dumpBytes = statSync(dump).size;
    log(`state: converting ${(dumpBytes / 1e6).toFixed(0)} MB`);
    const conversions = [convert(dump, state), convert(dump, state), convert(dump, state)];
    const conversion = conversions.sort((a, b) => a.seconds - b.seconds)[1] as Conversion;
    const peakMiB = Math.max(...conversions.map((one) => one.peakMiB));
    if (conversion.nodes !== size.nodes || conversion.pods !== size.pods || conversion.findings !== 0)
      throw new Error(`the conversion lost something: ${JSON.stringify(conversion)}`);
    const stateBytes = statSync(state).size;
    log('state: parsing, validating, analysing');
    const use = inFreshProcess<Use>(useScript, state);
    const megabytesPerSecond = dumpBytes / 1e6 / conversion.seconds;
    return {
      rows: [
        {
          nodes: conversion.nodes,
          pods: conversion.pods,
          templates: conversion.templates,
          workloads: conversion.workloads,
          dumpMB: round(dumpBytes / 1e6),
          bytesPerObject: Math.round(dumpBytes / conversion.objects),
          convertS: round(conversion.seconds),
          MBperS: round(megabytesPerSecond),
          peakRssMiB: round(peakMiB),
          stateMB: round(stateBytes / 1e6),
          parseJsonMs: round(use.parseMs),
          validateMs: round(use.validateMs),
          digestMs: round(use.digestMs),
          analyzeMs: round(use.analyzeMs),
        },
      ],
      checks: [
        check('dump to ClusterState, MB/s (median of 3 processes)', megabytesPerSecond, 40, 'at least'),
        check('peak memory, MiB (most of 3)', peakMiB, 1_430, 'below'),
        check('state, MB of JSON', stateBytes / 1e6, 15, 'at most'),
        check('parse and validate the state, ms (first in its process)', use.parseMs + use.validateMs, 150, 'at most'),
        check('analyze beyond the digest, ms (median of 9)', use.analyzeMs - use.digestMs, 10, 'at most'),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Conversion {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly nodes: number;
  readonly pods: number;
  readonly templates: number;
  readonly workloads: number;
  readonly objects: number;
  readonly findings: number;
}

interface Use {
  readonly parseMs: number;
  readonly validateMs: number;
  readonly digestMs: number;
  readonly analyzeMs: number;
}

function convert(dump: string, state: string): Conversion {
  return inFreshProcess<Conversion>(convertScript, dump, state);
}

/** Its clock covers reading the file, from the first byte to the finished state; the packages are loaded before. */
const convertScript = `
import { writeFileSync } from 'node:fs';
import { fromKubernetes, readDump } from '@cloudoptim/snapshot';
const [dump, target] = process.argv.slice(1);
const before = performance.now();
const { state, report } = await fromKubernetes(readDump(dump));
const seconds = (performance.now() - before) / 1000;
const peakMiB = process.resourceUsage().maxRSS / 1024;
writeFileSync(target, JSON.stringify(state));
process.stdout.write(JSON.stringify({
  seconds, peakMiB, nodes: state.nodes.length, pods: state.pods.count, templates: state.podTemplates.length,
  workloads: state.workloads.length, objects: report.objects, findings: report.findings.length,
}));`;

/** An engine that looks at nothing: what remains is the price of the door. The digest is cached for each state, so every
 * round has a state of its own; the digest alone is measured on another copy. */
const useScript = `
import { readFileSync } from 'node:fs';
import { createContext, defineEngine, digestOf, parseClusterState } from '@cloudoptim/core';
import { z } from 'zod';
const text = readFileSync(process.argv[1], 'utf8');
const timed = async (work) => { const before = performance.now(); const value = await work(); return [performance.now() - before, value]; };
const [parseMs, value] = await timed(() => JSON.parse(text));
const [validateMs] = await timed(() => parseClusterState(value));
const engine = defineEngine({
  id: 'idle', version: '1.0.0', contractVersion: 'v1', considers: [], requires: ['cluster'], options: z.strictObject({}),
  decide: () => ({ groups: [], rejections: [] }),
});
const digests = [], analyses = [];
for (let round = 0; round < 9; round++) {
  const one = parseClusterState(JSON.parse(text));
  digests.push((await timed(() => digestOf(one)))[0]);
  const other = parseClusterState(JSON.parse(text));
  analyses.push((await timed(() => engine.analyze({ cluster: other }, createContext({ now: other.takenAtMs }))))[0]);
}
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
process.stdout.write(JSON.stringify({ parseMs, validateMs, digestMs: median(digests), analyzeMs: median(analyses) }));`;

const root = fileURLToPath(new URL('..', import.meta.url));

function inFreshProcess<T>(script: string, ...values: string[]): T {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script, '--', ...values],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  if (status !== 0) throw new Error(`a measured process failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}

async function writeText(path: string, texts: Iterable<string>): Promise<void> {
  const stream = createWriteStream(path, { mode: 0o600, highWaterMark: 1 << 20 });
  for (const text of texts) if (!stream.write(text)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

function check(what: string, value: number, target: number, how: 'at least' | 'at most' | 'below') {
  const met = how === 'at least' ? value >= target : how === 'at most' ? value <= target : value < target;
  return { what, value: round(value), target: `${how} ${target}`, met };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
