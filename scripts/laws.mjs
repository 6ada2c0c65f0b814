/**
 * Runs the laws (property tests) as often as asked, and says from which seed, so that a failure can be repeated.
 *
 *   npm run test:laws -- --runs 100000 --seed 7 --package scheduling
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readPackages } from './lib/packages.mjs';
import { installed, runNode } from './lib/run.mjs';

const usage = `usage: npm run test:laws -- [--runs N] [--seed S] [--package NAME]
  --runs N        cases for each law (default: what each law asks for)
  --seed S        repeat the cases of an earlier run (default: a new seed, printed)
  --package NAME  only the laws of one package, such as core or engine-binpack`;

try {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      package: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(usage);
  else process.exitCode = await runLaws(values);
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 1;
}

async function runLaws({ runs, seed, package: name }) {
  const env = { CLOUDOPTIM_LAW_SEED: wholeNumber('--seed', seed ?? String(randomInt(2 ** 31 - 1))) };
  if (runs !== undefined) env.CLOUDOPTIM_LAW_RUNS = wholeNumber('--runs', runs, 1);

  const folder = name?.replace(/^@cloudoptim\//, '');
  const folders = readPackages().map((item) => item.folder);
  if (folder !== undefined && !folders.includes(folder)) {
    throw new Error(`--package is "${name}"; the packages are ${folders.join(', ')}`);
  }

  console.log(`laws: seed ${env.CLOUDOPTIM_LAW_SEED}, ${runs ?? 'default'} runs each`);
  const started = performance.now();
  const filter = folder === undefined ? [] : [`packages/${folder}/`];
  const { code } = await runNode(installed('vitest', 'vitest.mjs'), ['run', '--project', 'laws', ...filter], {
    env,
    inherit: true,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `laws: ${code === 0 ? 'held' : 'FAILED'} in ${seconds} s; repeat with --seed ${env.CLOUDOPTIM_LAW_SEED}${runs ? ` --runs ${runs}` : ''}`,
  );
  return code;
}

function wholeNumber(option, text, minimum = 0) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new Error(`${option} is "${text}"; give a whole number of at least ${minimum}`);
  }
  return String(value);
}
