/**
 * Runs one benchmark of benchmarks/NAME.bench.ts (or .mjs) over the built packages, and prints its table and targets.
 * A target that is not met is printed, not an error: figures depend on the machine, and a reader judges them.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';
import { buildPackages } from '../scripts/build.mjs';

const usage = () => `usage: npm run bench -- NAME [--quick] [--json FILE] [--seed N]
  --quick      a small input: shows that it works, the figures mean little
  --json FILE  also write { name, seed, quick, rows, checks } to FILE
  --seed N     the same seed gives the same input (default 1)
  --probes N   how many cases, where a benchmark counts them
  --emulated V a Kubernetes version such as 1.34, where there is a server
  --peers      also ask peers that are programs of their own, built with Go
benchmarks: ${Object.keys(findBenchmarks()).join(', ') || 'none yet'}`;

const log = (line) => process.stderr.write(`${line}\n`);

try {
  await main();
} catch (error) {
  console.error(error.stack ?? error);
  process.exitCode = 1;
}

async function main() {
  const { name, quick, json, seed, help, ...more } = readArguments();
  if (help) return console.log(usage());
  const files = findBenchmarks();
  if (name === undefined || !Object.hasOwn(files, name)) {
    console.error(name === undefined ? usage() : `there is no benchmark "${name}"\n${usage()}`);
    process.exitCode = 1;
    return;
  }

  await buildPackages({ log });
  // No tsconfig: its paths lead to the sources, and what users run is the build.
  register({ tsconfig: false });
  const { run } = await import(new URL(files[name], import.meta.url).href);
  if (typeof run !== 'function') throw new Error(`benchmarks/${files[name]} does not export a function run`);

  const { rows, checks } = await run({ quick, seed, log, ...more });
  console.log(`${name}, seed ${seed}${quick ? ', quick' : ''}\n`);
  console.log(table(rows));
  for (const { what, value, target, met } of checks) {
    console.log(`${met ? 'met    ' : 'NOT MET'}  ${what}: ${value} (target ${target})`);
  }
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ name, seed, quick, rows, checks }, undefined, 2)}\n`);
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      seed: { type: 'string', default: '1' },
      probes: { type: 'string' },
      emulated: { type: 'string' },
      peers: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is "${values.seed}"; give a whole number`);
  const probes = values.probes === undefined ? undefined : Number(values.probes);
  if (probes !== undefined && !(Number.isSafeInteger(probes) && probes > 0))
    throw new Error(`--probes is "${values.probes}"; give a whole number above zero`);
  return { ...values, seed, probes, name: positionals[0] };
}

function findBenchmarks() {
  const files = readdirSync(fileURLToPath(new URL('.', import.meta.url))).sort();
  return Object.fromEntries(
    files.flatMap((file) => (/^(.+)\.bench\.(ts|mjs)$/.test(file) ? [[file.split('.bench.')[0], file]] : [])),
  );
}

/** Columns as wide as their widest cell; numbers to the right, as a reader compares them. */
function table(rows) {
  if (rows.length === 0) return '(no rows)\n';
  const columns = Object.keys(rows[0]);
  const width = (column) => Math.max(column.length, ...rows.map((row) => String(row[column] ?? '').length));
  const widths = Object.fromEntries(columns.map((column) => [column, width(column)]));
  const cell = (column, value) => {
    const text = String(value ?? '');
    return typeof rows[0][column] === 'number' ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  };
  const line = (read) =>
    columns
      .map((column) => cell(column, read(column)))
      .join('  ')
      .trimEnd();
  const rule = columns.map((column) => '-'.repeat(widths[column])).join('  ');
  return `${[line((column) => column), rule, ...rows.map((row) => line((column) => row[column]))].join('\n')}\n`;
}
