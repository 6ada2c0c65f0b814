/**
 * Runs the laws (property tests) as often as asked, and says from which seed, so that a failure can be repeated. Many cases
 * are split into one part for each core, each part with the next seed.
 *
 *   npm run test:laws -- --runs 100000 --seed 7 --package scheduling
 */
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { readPackages } from './lib/packages.mjs';
import { installed, runNode } from './lib/run.mjs';

const cores = availableParallelism();
const worthSplitting = 2000;

const usage = `usage: npm run test:laws -- [--runs N] [--seed S] [--package NAME] [--parts N]
  --runs N        cases for each law (default: what each law asks for)
  --seed S        repeat the cases of an earlier run (default: a new seed, printed)
  --package NAME  only the laws of one package, such as core or engine-binpack
  --parts N       split each law's cases into N runs side by side, with seeds S, S+1, … (default: one a core from
                  ${worthSplitting.toLocaleString('en')} cases on; below that, starting up takes longer than the cases)`;

try {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      package: { type: 'string' },
      parts: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(usage);
  else process.exitCode = await runLaws(values);
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 1;
}

async function runLaws({ runs, seed, package: name, parts }) {
  const env = { CLOUDOPTIM_LAW_SEED: wholeNumber('--seed', seed ?? String(randomInt(2 ** 31 - 1))) };
  if (runs !== undefined) env.CLOUDOPTIM_LAW_RUNS = wholeNumber('--runs', runs, 1);
  const split = parts ?? (Number(runs ?? 0) < worthSplitting ? '1' : String(cores));
  env.CLOUDOPTIM_LAW_PARTS = wholeNumber('--parts', split, 1);

  const folder = name?.replace(/^@cloudoptim\//, '');
  const folders = readPackages().map((item) => item.folder);
  if (folder !== undefined && !folders.includes(folder)) {
    throw new Error(`--package is "${name}"; the packages are ${folders.join(', ')}`);
  }

  const times = `${runs ?? 'default'} runs each${split === '1' ? '' : ` in ${split} parts`}`;
  console.log(`laws: seed ${env.CLOUDOPTIM_LAW_SEED}, ${times}`);
  const started = performance.now();
  const filter = folder === undefined ? [] : [`packages/${folder}/`];
  // Left to itself, vitest keeps one core free, which on two cores is half of them.
  const args = ['run', '--project', 'laws*', `--maxWorkers=${cores}`, ...filter];
  const { code } = await runNode(installed('vitest', 'vitest.mjs'), args, { env, inherit: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const again = ['--seed', env.CLOUDOPTIM_LAW_SEED, ...(runs ? ['--runs', runs] : []), '--parts', split].join(' ');
  console.log(`laws: ${code === 0 ? 'held' : 'FAILED'} in ${seconds} s; repeat with ${again}`);
  return code;
}

function wholeNumber(option, text, minimum = 0) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new Error(`${option} is "${text}"; give a whole number of at least ${minimum}`);
  }
  return String(value);
}
