import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles, readJsonIfAny } from './files.mjs';
import { withLock } from './lock.mjs';
import { root } from './packages.mjs';
import { runNpm } from './run.mjs';

const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.cloudoptim-setup.json');

/**
 * Makes the checkout ready to run: dependencies installed as the lock file says, packages built. Does only what is
 * needed, so the second call costs a fraction of a second. Throws with the output of the step that failed.
 */
export async function setUp(log) {
  await install(log);
  // Only now: the build uses what was just installed.
  const { buildPackages } = await import('../build.mjs');
  await buildPackages({ log });
}

async function install(log) {
  const hash = hashFiles(root, [lockFile]);
  if (readJsonIfAny(stampFile)?.lock === hash) return;
  await withLock(join(root, '.setup.lock'), async () => {
    if (readJsonIfAny(stampFile)?.lock === hash) return;
    // `npm install` by hand already did it: installing again would pull node_modules from under a running process.
    if (!matchesInstalled()) {
      log('installing dependencies (npm ci)');
      // --include=dev: with NODE_ENV=production npm would leave out the tools that build the packages.
      const { code, output } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
      if (code !== 0) throw new Error(`npm ci failed\n${output.trim()}`);
    }
    writeFileSync(stampFile, JSON.stringify({ lock: hash }));
  });
}

/** Whether node_modules holds every package of the lock file at its version; npm keeps its own list of what is there. */
function matchesInstalled() {
  const there = readJsonIfAny(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!there) return false;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    // An optional one is for another platform when it is absent.
    if (!there[path]) return entry.optional === true;
    return there[path].version === entry.version && there[path].link === entry.link && existsSync(join(root, path));
  });
}
