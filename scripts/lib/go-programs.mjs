import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hashFiles } from './files.mjs';
import { withLock } from './lock.mjs';
import { root } from './packages.mjs';
import { run } from './run.mjs';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cloudoptim');

/**
 * A folder of programs built with Go, made by `fill(folder)` when it is not there yet. It lies outside the checkout and is named
 * for the files that decide what is built, so that a new version gets a folder of its own. Throws with the remedy when Go is
 * missing or too old, and with what `fill` throws.
 */
export async function builtFolder(kind, version, files, fill) {
  const target = join(cache, kind, `${version}-${hashFiles(root, files).slice(0, 12)}`);
  if (existsSync(join(target, 'complete'))) return target;
  await checkGo();
  mkdirSync(join(cache, kind), { recursive: true });
  await withLock(`${target}.lock`, async () => {
    if (existsSync(join(target, 'complete'))) return;
    // Built beside and renamed: a build that was interrupted leaves nothing that looks finished.
    const folder = mkdtempSync(join(cache, kind, 'building-'));
    try {
      await fill(folder);
      writeFileSync(join(folder, 'complete'), '');
      rmSync(target, { recursive: true, force: true });
      renameSync(folder, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return target;
}

/** Builds one program of the module in `cwd` into `folder`. Throws with Go's output when it fails four times. */
export async function buildProgram({ name, cwd, path, flags = [] }, folder, log) {
  const started = performance.now();
  const env = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
  for (let attempt = 1; ; attempt++) {
    log(`building ${name}${attempt > 1 ? `, attempt ${attempt}` : ''}`);
    const args = ['build', '-p', '2', '-trimpath', ...flags, '-o', join(folder, name), path];
    const { code, output } = await run('go', args, { cwd, env });
    if (code === 0) break;
    // Most failures are downloads that broke off; what was downloaded and compiled before is kept by Go.
    if (attempt === 4) throw new Error(`building ${name} failed\n${output.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, 5_000 * 2 ** (attempt - 1)));
  }
  log(`built ${name} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

async function checkGo() {
  const remedy = 'Programs for tests are built with Go 1.26 or newer; install it, or set KUBEBUILDER_ASSETS.';
  let result;
  try {
    result = await run('go', ['env', 'GOVERSION'], { env: { GOTOOLCHAIN: 'local' } });
  } catch (error) {
    throw new Error(`Go cannot be run (${error.message}). ${remedy}`);
  }
  const version = /^go(\d+)\.(\d+)/.exec(result.output.trim());
  if (result.code !== 0 || !version || Number(version[1]) * 1000 + Number(version[2]) < 1026)
    throw new Error(`Go is ${result.output.trim()}. ${remedy}`);
}
