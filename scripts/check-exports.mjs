/**
 * Asks publint and attw ("are the types wrong") whether the packed packages work for the people who install them:
 * ES module and CommonJS, node16 and bundler resolution, each with types of its own.
 */
import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { withTarballs } from './lib/pack.mjs';
import { installed, limit, runNode } from './lib/run.mjs';

const problems = [];

await withTarballs(async (tarballs) => {
  const twoAtATime = limit(2);
  await Promise.all(
    tarballs.map((item) =>
      twoAtATime(async () => {
        const found = [...(await askPublint(item)), ...(item.isLibrary ? await askAttw(item) : [])];
        console.log(`${found.length === 0 ? 'ok' : 'BAD'}  ${item.name}`);
        problems.push(...found);
      }),
    ),
  );
});

if (problems.length > 0) {
  console.error(`\n${problems.join('\n\n')}`);
  process.exitCode = 1;
}

async function askPublint({ name, tarball, manifest }) {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  return messages.map((message) => `${name}: publint: ${formatMessage(message, pkg ?? manifest, { color: false })}`);
}

async function askAttw({ name, tarball }) {
  // node16 leaves out the resolution of Node 10, which knows no exports map.
  const { code, output } = await runNode(installed('@arethetypeswrong', 'cli', 'dist', 'index.js'), [
    tarball,
    '--profile',
    'node16',
    '--no-color',
    '--no-emoji',
  ]);
  return code === 0 ? [] : [`${name}: attw:\n${output.trim()}`];
}
