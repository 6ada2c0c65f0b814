import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleCluster } from '../support/sample-cluster.js';
import { fakeKubectl } from '../support/with-fake-kubectl.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The real process from its sources, so that no test runs against a stale build. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', tsx, here('../../src/main.ts'), ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      TSX_TSCONFIG_PATH: here('../../tsconfig.json'),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null; err: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, err })),
  );
  return { child, ended };
}

// Without a search the answer comes at once.
const freeze = join(mkdtempSync(join(tmpdir(), 'cloudoptim-process-')), 'policy.yaml');
writeFileSync(freeze, 'freeze: true\n');

describe('the process', () => {
  it('ends cleanly when its reader goes away, as in `| head -1`', async () => {
    const { child, ended } = start(['analyze', '--snapshot', sampleCluster(), '--policy', freeze, '--output', 'json']);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, signal, err } = await ended;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    // Progress of something that takes long is all that may be there.
    for (const line of err.trim().split('\n')) expect(line).toMatch(/^(|cloudoptim: [a-z0-9].*)$/);
  });

  it('ends with 130 and no stack trace at Ctrl-C while kubectl hangs', async () => {
    const fake = fakeKubectl({ answers: {}, hang: '/version' });
    const { child, ended } = start(['analyze'], fake.env);
    await until(() => fake.calls().some((call) => call.includes('--raw')));
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, signal: null, err: 'cloudoptim: interrupted\n' });
  });

  it('ends with 130 at Ctrl-C while it waits for the standard input', async () => {
    const { child, ended } = start(['analyze', '--snapshot', '-']);
    // More than a pipe holds: once all of it is taken, the process is certainly reading.
    await new Promise((resolve) => child.stdin.write(`[${' '.repeat(1 << 20)}`, resolve));
    child.kill('SIGINT');
    const { code, signal, err } = await ended;
    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(err).toBe('cloudoptim: interrupted\n');
  });

  it('answers --version without loading an engine or the catalogue', async () => {
    const { child, ended } = start(['--version']);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    expect((await ended).code).toBe(0);
    expect(out.trim()).toBe(JSON.parse(readFileSync(here('../../package.json'), 'utf8')).version);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
}
