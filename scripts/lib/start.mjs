/**
 * `npm start`: from a fresh clone to a plan. Sets up what is missing, makes the sample cluster, analyses it.
 * Arguments are passed on: `npm start -- --output json`.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles, listFiles, readJsonIfAny } from './files.mjs';
import { root } from './packages.mjs';
import { runNode } from './run.mjs';
import { setUp } from './setup.mjs';

const example = join(root, 'examples', 'sample-cluster');
const snapshot = join(example, 'cluster.json');

// Progress goes to stderr, so that `npm start --silent -- --output json > plan.json` holds the plan alone.
const log = (line) => process.stderr.write(`cloudoptim: ${line}\n`);

try {
  await setUp(log);
  await makeSampleCluster();
  const { code } = await runNode(
    join(root, 'packages', 'cli', 'bin', 'cloudoptim.js'),
    ['analyze', '--snapshot', snapshot, ...process.argv.slice(2)],
    { inherit: true },
  );
  process.exitCode = code;
} catch (error) {
  log(error.message);
  process.exitCode = 1;
}

/** The sample is a function of the other files of its folder, so it is made again only when one of them changed. */
async function makeSampleCluster() {
  const generator = hashFiles(
    example,
    listFiles(example).filter((file) => !file.startsWith(snapshot)),
  );
  const stamp = join(root, 'node_modules', '.cache', 'cloudoptim', 'sample-cluster.json');
  if (existsSync(snapshot) && readJsonIfAny(stamp)?.generator === generator) return;
  log('making the sample cluster');
  const unfinished = `${snapshot}.part`;
  const { code, output } = await runNode(join(example, 'make.mjs'), [unfinished]);
  if (code !== 0) {
    rmSync(unfinished, { force: true });
    throw new Error(`the sample cluster could not be made\n${output.trim()}`);
  }
  renameSync(unfinished, snapshot);
  writeFileSync(stamp, JSON.stringify({ generator }));
}
