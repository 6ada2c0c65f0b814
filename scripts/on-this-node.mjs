/**
 * What must hold on every supported Node, run with the Node that runs this: the unit tests, and that the built
 * packages load, as ES modules and as CommonJS, and the command starts. Expects the packages to be built.
 * The last line is the totals.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonIfAny } from './lib/files.mjs';
import { readPackages, root } from './lib/packages.mjs';
import { installed, runNode } from './lib/run.mjs';
import { countTests, sentence, sum } from './lib/totals.mjs';

const require = createRequire(import.meta.url);
const reports = mkdtempSync(join(tmpdir(), 'cloudoptim-node-'));
const report = join(reports, 'unit.json');

try {
  const args = ['run', '--project', 'unit', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const unit = await runNode(installed('vitest', 'vitest.mjs'), args, { inherit: true });
  const read = readJsonIfAny(report);
  const counts = [read ? countTests(read) : { passed: 0, failed: 1, skipped: 0 }, await smoke()];
  if (unit.code !== 0 || counts.some(({ failed }) => failed > 0)) process.exitCode = 1;
  console.log(sentence(sum(counts)));
} finally {
  rmSync(reports, { recursive: true, force: true });
}

async function smoke() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const check = async (what, task) => {
    try {
      await task();
      counts.passed += 1;
      console.log(`ok   ${what}`);
    } catch (error) {
      counts.failed += 1;
      console.log(`FAIL ${what}\n${error.stack ?? error}`);
    }
  };
  for (const { name, path, isLibrary } of readPackages()) {
    if (isLibrary) {
      // By name: from here the workspace links lead to what the package exports, its dist.
      await check(`import ${name}`, () => import(name));
      await check(`require ${name}`, () => require(name));
    } else {
      await check(`${name} --version`, () => startCommand(join(path, 'bin', 'cloudoptim.js')));
    }
  }
  return counts;
}

async function startCommand(file) {
  const { code, output } = await runNode(file, ['--version'], { cwd: root });
  if (code !== 0) throw new Error(output);
}
