import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the workspace. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Every package of the workspace, dependencies before dependants.
 * `dependencies` are the names of the workspace packages it imports in its sources (not in its tests).
 */
export function readPackages() {
  const found = new Map();
  for (const folder of readdirSync(join(root, 'packages')).sort()) {
    const file = join(root, 'packages', folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    found.set(manifest.name, { name: manifest.name, folder, path: join(root, 'packages', folder), manifest });
  }

  const ordered = [];
  const visit = (item, trail) => {
    if (ordered.includes(item)) return;
    if (trail.includes(item)) {
      throw new Error(`packages depend on each other: ${[...trail, item].map((one) => one.name).join(' -> ')}`);
    }
    const { dependencies, peerDependencies } = item.manifest;
    item.dependencies = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => found.has(name));
    for (const name of item.dependencies) visit(found.get(name), [...trail, item]);
    ordered.push(item);
  };
  for (const item of found.values()) visit(item, []);
  return ordered.map((item) => ({ ...item, isLibrary: item.manifest.exports['.'] !== undefined }));
}
