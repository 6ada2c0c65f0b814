import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPackages } from './packages.mjs';
import { runNpm } from './run.mjs';

/** Packs every package as `npm publish` would, and hands `use` the tarballs and a temporary folder to work in. */
export async function withTarballs(use) {
  const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-packed-'));
  try {
    const { code, output } = await runNpm(['pack', '--workspaces', '--silent', '--pack-destination', folder]);
    if (code !== 0) throw new Error(`npm pack failed\n${output.trim()}`);
    const tarballs = readPackages().map((item) => ({
      ...item,
      tarball: join(folder, `${item.name.replace('@', '').replace('/', '-')}-${item.manifest.version}.tgz`),
    }));
    return await use(tarballs, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
