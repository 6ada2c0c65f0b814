/**
 * Gives package-lock.json an entry for every platform binary that a package lists as optional. npm leaves out those
 * it could not find while it wrote the lock (a mirror may lack the binaries of other platforms), and then `npm ci`
 * refuses the lock on every machine. An entry without integrity is enough: it is only fetched on its own platform.
 *
 *   npm run lock                            write the lock again, complete
 *   node scripts/complete-lock.mjs --check  fail when the lock is not complete, or names a host
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/packages.mjs';

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([path, entry]) => findMissing(path, entry));

if (process.argv.includes('--check')) {
  const hosts = Object.entries(lock.packages).filter(([, { resolved }]) => /^https?:/.test(resolved ?? ''));
  for (const { path } of missing) console.error(`package-lock.json has no entry for ${path}; run: npm run lock`);
  for (const [path] of hosts) console.error(`package-lock.json names a host for ${path}; .npmrc should keep it out`);
  if (missing.length + hosts.length > 0) process.exitCode = 1;
  else console.log('package-lock.json is complete and names no host');
} else {
  for (const { path, entry } of missing) lock.packages[path] = entry;
  // npm keeps the entries in this order; any other would be a change in every later diff.
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`);
  console.log(`package-lock.json: added ${missing.length} platform binaries`);
}

function findMissing(parentPath, { optionalDependencies = {}, dev }) {
  if (!parentPath.includes('node_modules/')) return [];
  return Object.entries(optionalDependencies).flatMap(([name, version]) => {
    const platform = readPlatform(name);
    if (platform === undefined || isLocked(parentPath, name) || !/^\d+\.\d+\.\d+/.test(version)) return [];
    const { cpu, libc, os } = platform;
    return [
      {
        path: `node_modules/${name}`,
        entry: { version, cpu, ...(dev && { dev }), ...(libc && { libc }), optional: true, os },
      },
    ];
  });
}

/** Whether Node's lookup from that package finds an entry: in its own node_modules, or in one of those above. */
function isLocked(parentPath, name) {
  for (
    let folder = parentPath;
    folder !== '';
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    if (lock.packages[`${folder}/node_modules/${name}`]) return true;
  }
  return lock.packages[`node_modules/${name}`] !== undefined;
}

/** The platform in a name such as `@biomejs/cli-linux-arm64-musl`; undefined when it names none. */
function readPlatform(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].includes(word));
  const cpu = words.find((word) => ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'].includes(word));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { os: [os], cpu: [cpu], libc: libc && [libc] };
}
