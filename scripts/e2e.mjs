/**
 * `npm run test:e2e`: the tests against a real Kubernetes control plane. KUBEBUILDER_ASSETS names the folder of its programs;
 * without it nothing is tested, which is said, and with CI set is a failure. The last line is the totals.
 *
 *   npm run test:e2e -- FILE_OR_NAME…   some test files
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { readJsonIfAny } from './lib/files.mjs';
import { root } from './lib/packages.mjs';
import { installed, runNode } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { countTests, sentence } from './lib/totals.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-e2e-report-'));
try {
  const failures = process.env.KUBEBUILDER_ASSETS ? await runTests() : skipped();
  if (failures > 0) process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runTests() {
  await setUp((line) => console.log(line));
  const report = join(folder, 'report.json');
  const args = ['run', '--project', 'e2e', '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runNode(installed('vitest', 'vitest.mjs'), [...args, ...process.argv.slice(2)], {
    inherit: true,
  });
  const counts = readJsonIfAny(report);
  const totals = counts === undefined ? { passed: 0, failed: 1, skipped: 0 } : countTests(counts);
  for (const { name, startTime, endTime } of counts?.testResults ?? [])
    console.log(`${((endTime - startTime) / 1000).toFixed(1).padStart(6)} s  ${relative(root, name)}`);
  // In CI a test that did not run proves nothing.
  const missing = process.env.CI ? totals.skipped : 0;
  if (missing > 0) console.log(`${missing} e2e tests were skipped, which in CI is a failure`);
  console.log(sentence(totals));
  return totals.failed + missing + (code === 0 ? 0 : 1);
}

function skipped() {
  console.log('SKIPPED: KUBEBUILDER_ASSETS is not set, so nothing was tested against a real control plane.');
  console.log('  export KUBEBUILDER_ASSETS="$(node scripts/e2e-assets.mjs)"   # builds it once, with Go 1.26 or newer');
  const failed = process.env.CI ? 1 : 0;
  console.log(sentence({ passed: 0, failed, skipped: 1 - failed }));
  return failed;
}
