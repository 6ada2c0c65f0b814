/**
 * `npm test`: everything that must hold before a change is merged. Sets up what is missing, then runs the steps two
 * at a time, says how long each took, and shows the output of those that failed. The last line is the sum over the
 * test runs: `N passed, N failed`.
 *
 *   npm test -- --only unit,lint   some steps
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readJsonIfAny } from './files.mjs';
import { root } from './packages.mjs';
import { installed, limit, runNode } from './run.mjs';
import { setUp } from './setup.mjs';
import { countTests, sentence, sum } from './totals.mjs';

const script = (name) => join(root, 'scripts', name);
const reports = mkdtempSync(join(tmpdir(), 'cloudoptim-test-'));
const reportOf = (project) => join(reports, `${project}.json`);
const vitest = (project) => [
  installed('vitest', 'vitest.mjs'),
  ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(project)}`],
];

// The long ones first: the two workers then end at about the same time.
const steps = {
  unit: vitest('unit'),
  laws: vitest('laws'),
  packed: [script('packed.mjs')],
  typecheck: [installed('typescript', 'bin', 'tsc'), ['--noEmit', '--project', 'tsconfig.json']],
  api: [script('api.mjs'), ['--check']],
  exports: [script('check-exports.mjs')],
  boundaries: [
    installed('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', 'packages'],
  ],
  knip: [installed('knip', 'bin', 'knip.js'), ['--no-config-hints']],
  lint: [installed('@biomejs', 'biome', 'bin', 'biome'), ['check', '.']],
  purity: [script('check-purity.mjs')],
  lock: [script('complete-lock.mjs'), ['--check']],
};

// These look at the build: without one they would only repeat that there is none.
const needBuild = new Set(['packed', 'api', 'exports']);

// A captured program sees no terminal; what it prints is shown in ours.
const env = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

const started = performance.now();
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s`;

try {
  const failed = await runSteps(chosenSteps());
  printSummary(failed);
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}

function chosenSteps() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const names = values.only?.split(',') ?? Object.keys(steps);
  const unknown = names.filter((name) => !(name in steps));
  if (unknown.length > 0)
    throw new Error(`--only names ${unknown.join(', ')}; the steps are ${Object.keys(steps).join(', ')}`);
  return names;
}

async function runSteps(names) {
  const failed = [];
  const setUpStarted = performance.now();
  try {
    await setUp((line) => console.log(`     ${line}`));
    console.log(`ok   ${seconds(setUpStarted)}  set-up`);
  } catch (error) {
    // A package that does not build must not hide what the other steps have to say.
    console.log(`FAIL ${seconds(setUpStarted)}  set-up`);
    failed.push({ name: 'set-up', output: error.message });
  }

  const twoAtATime = limit(2);
  await Promise.all(
    names.map((name) =>
      twoAtATime(async () => {
        if (failed.some((step) => step.name === 'set-up') && needBuild.has(name)) {
          console.log(`skip             ${name}, which needs the build`);
          return;
        }
        const stepStarted = performance.now();
        const [file, args] = steps[name];
        const { code, output } = await runNode(file, args, { env });
        console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${seconds(stepStarted)}  ${name}`);
        if (code !== 0) failed.push({ name, output });
      }),
    ),
  );
  return failed;
}

function printSummary(failed) {
  for (const { name, output } of failed) console.log(`\n----- ${name} -----\n${output.trim()}`);

  console.log('');
  const counts = [];
  for (const project of ['unit', 'laws']) {
    const report = readJsonIfAny(reportOf(project));
    if (!report) continue;
    counts.push(countTests(report));
    console.log(`${project}: ${sentence(counts.at(-1))}`);
  }
  const verdict = failed.length === 0 ? 'every step passed' : `FAILED: ${failed.map(({ name }) => name).join(', ')}`;
  console.log(`${verdict}, in${seconds(started)}`);
  console.log(sentence(sum(counts)));
}
