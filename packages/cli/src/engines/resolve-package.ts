import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The file that a package's import leads to, seen from a folder; undefined when the package is not installed there.
 * `require.resolve` does not find packages that have an `import` condition only, so those are read from their package.json.
 */
export function resolvePackage(name: string, from: string): string | undefined {
  try {
    return createRequire(join(from, 'noop.js')).resolve(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED' && code !== 'MODULE_NOT_FOUND') throw error;
    return importOnlyEntry(name, from);
  }
}

function importOnlyEntry(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const root = join(folder, 'node_modules', name);
    const manifest = join(root, 'package.json');
    if (existsSync(manifest)) {
      const { exports, module, main } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
      const target = conditionTarget(exports) ?? module ?? main ?? 'index.js';
      return typeof target === 'string' ? join(root, target) : undefined;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Follows `exports` to the file for `import '<name>'`; the first condition that applies wins, as in Node. */
function conditionTarget(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(conditionTarget).find((target) => target !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  for (const [key, value] of Object.entries(exports)) {
    if (!['.', 'node', 'import', 'module-sync', 'default'].includes(key)) continue;
    const target = conditionTarget(value);
    if (target !== undefined) return target;
  }
  return undefined;
}
