/**
 * Builds the packages, dependencies first: JavaScript with tsup, declarations with tsc.
 * Incremental by content: a package is built again only when its sources, its configuration, the installed tools or
 * the declarations of what it imports have changed.
 *
 *   npm run build            build what changed
 *   npm run build -- --force build everything
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashFiles, listFiles, readJsonIfAny } from './lib/files.mjs';
import { withLock } from './lib/lock.mjs';
import { readPackages, root } from './lib/packages.mjs';
import { installed, limit, runNode } from './lib/run.mjs';

const cache = installed('.cache', 'cloudoptim');
const recordFile = join(cache, 'build.json');

/** Builds what changed; answers the names of the packages it built. Throws, with the tool's output, when one fails. */
export async function buildPackages({ force = false, log = () => {} } = {}) {
  return withLock(join(cache, 'build.lock'), async () => {
    const record = (!force && readJsonIfAny(recordFile)) || {};
    const shared = hashFiles(
      root,
      ['package-lock.json', 'tsconfig.base.json', 'tsconfig.build.json', 'tsup.base.ts', 'scripts/build.mjs'].map(
        (file) => join(root, file),
      ),
    );
    const twoAtATime = limit(2);
    const built = [];
    const pending = new Map();

    const build = async (item) => {
      const needs = await Promise.allSettled(item.dependencies.map((name) => pending.get(name)));
      const missing = item.dependencies.filter((_, index) => needs[index].status === 'rejected');
      if (missing.length > 0) throw new Error(`${item.name}: not built, because ${missing.join(', ')} did not build`);
      const key = shared + inputsOf(item) + needs.map((need) => need.value).join('');
      if (record[item.name]?.key !== key || !outputsExist(item)) {
        const started = performance.now();
        await buildOne(item, twoAtATime);
        built.push(item.name);
        log(`built ${item.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
        record[item.name] = { key, types: typesOf(item) };
      }
      // Dependants see only the declarations: a change inside a function does not rebuild them.
      return record[item.name].types;
    };

    for (const item of readPackages()) pending.set(item.name, build(item));
    const results = await Promise.allSettled(pending.values());
    mkdirSync(cache, { recursive: true });
    writeFileSync(recordFile, JSON.stringify(record));

    const failures = results.filter((result) => result.status === 'rejected').map((result) => result.reason.message);
    if (failures.length > 0) throw new Error(failures.join('\n\n'));
    return built;
  });
}

function inputsOf({ path }) {
  return hashFiles(
    root,
    ['src', 'package.json', 'tsconfig.build.json', 'tsup.config.ts'].map((name) => join(path, name)),
  );
}

function typesOf({ path }) {
  return hashFiles(
    root,
    listFiles(join(path, 'dist')).filter((file) => file.endsWith('.d.ts')),
  );
}

function outputsExist({ path, isLibrary }) {
  const names = isLibrary ? ['index.js', 'index.cjs', 'index.d.ts', 'index.d.cts'] : ['main.js'];
  return names.every((name) => existsSync(join(path, 'dist', name)));
}

/** Builds beside dist and swaps at the end: whoever imports dist meanwhile sees the old build or the new, never half. */
async function buildOne(item, slot) {
  const entry = join(item.path, 'src', item.isLibrary ? 'index.ts' : 'main.ts');
  if (!existsSync(entry)) throw new Error(`${item.name}: there is no ${entry.slice(root.length + 1)} to build`);

  const [dist, next, old] = ['dist', 'dist.next', 'dist.old'].map((name) => join(item.path, name));
  rmSync(next, { recursive: true, force: true });
  try {
    const jobs = [slot(() => tool(item, installed('tsup', 'dist', 'cli-default.js'), ['--out-dir', 'dist.next']))];
    if (item.isLibrary) {
      jobs.push(
        slot(() =>
          tool(item, installed('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.build.json', '--outDir', 'dist.next']),
        ),
      );
    }
    const failed = (await Promise.allSettled(jobs)).find((job) => job.status === 'rejected');
    if (failed) throw failed.reason;
    if (item.isLibrary) writeCommonJsDeclarations(next);
    rmSync(old, { recursive: true, force: true });
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(next, dist);
  } finally {
    for (const folder of [next, old]) rmSync(folder, { recursive: true, force: true });
  }
}

async function tool(item, file, args) {
  const { code, output } = await runNode(file, args, { cwd: item.path });
  if (code !== 0) throw new Error(`${item.name}: the build failed\n${output.trim()}`);
}

/**
 * A `require` of an ES module's declarations is an error for TypeScript (TS1479), even where the CommonJS file exists.
 * So each .d.ts gets a .d.cts twin, whose relative imports point at the other twins.
 */
function writeCommonJsDeclarations(folder) {
  for (const file of listFiles(folder)) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(file, 'utf8').replace(
      /((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]*)\.js(['"])/g,
      '$1.cjs$2',
    );
    writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), text);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildPackages({ force: process.argv.includes('--force'), log: (line) => console.error(line) });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
