import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { hasAssets } from './assets.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { namespace, node, pod } from './objects.js';
import { waitUntil } from './wait-until.js';

describe.runIf(hasAssets)('a control plane of our own', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ scheduler: {}, controllers: 'usual', kwok: {} });
  });
  afterAll(() => plane?.stop());

  it('schedules pods onto nodes and runs them', async () => {
    const { client } = plane;
    await client.create('/api/v1/nodes', node('n1'));
    await namespace(client, 'shop');
    await client.create('/api/v1/namespaces/shop/pods', pod('web'));
    const running = await waitUntil('the pod to run', async () => {
      const found = await client.get('/api/v1/namespaces/shop/pods/web');
      return (found.status as { phase?: string }).phase === 'Running' && found;
    });
    expect(running.spec).toMatchObject({ nodeName: 'n1' });
  });

  it('tells every change once, in order, through a watch', async () => {
    const { client } = plane;
    const seen: string[] = [];
    const watch = await client.watch('/api/v1/namespaces/shop/configmaps', ({ type, object }) => {
      if (object.metadata?.name === 'one') seen.push(`${type} ${JSON.stringify(object.data)}`);
    });
    await client.create('/api/v1/namespaces/shop/configmaps', { metadata: { name: 'one' }, data: { a: '1' } });
    await client.patch('/api/v1/namespaces/shop/configmaps/one', { data: { a: '2' } });
    await client.remove('/api/v1/namespaces/shop/configmaps/one');
    await waitUntil('three events', () => seen.length === 3);
    watch.stop();
    expect(seen).toEqual(['ADDED {"a":"1"}', 'MODIFIED {"a":"2"}', 'DELETED {"a":"2"}']);
  });

  it('stands beside a second one', async () => {
    const other = await startControlPlane();
    try {
      expect(other.url).not.toBe(plane.url);
      expect((await other.client.get('/api/v1/nodes')).items).toEqual([]);
    } finally {
      await other.stop();
    }
    expect(other.programs.map(({ running }) => running)).toEqual([false, false]);
  });

  it('throws with the words of the program that would not start, and leaves nothing running', async () => {
    // A place for temporary folders of its own: other runs beside this one have theirs.
    const place = mkdtempSync(join(tmpdir(), 'cloudoptim-rig-'));
    onTestFinished(() => rmSync(place, { recursive: true }));
    vi.stubEnv('TMPDIR', place);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const broken = startControlPlane({ scheduler: { args: ['--no-such-flag'] } });
    await expect(broken).rejects.toThrow(/kube-scheduler ended .*unknown flag: --no-such-flag/s);
    expect(readdirSync(place)).toEqual([]);
  });

  it('leaves nothing behind when the test process is killed', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'e2e/rig/stays-until-killed.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { pids, folder } = JSON.parse(line.toString()) as { pids: number[]; folder: string };
    expect(pids.filter(isRunning)).toHaveLength(2);
    child.kill('SIGKILL');
    await waitUntil('its programs and its folder to be gone', () => !pids.some(isRunning) && !existsSync(folder));
  });
});

function isRunning(pid: number): boolean {
  try {
    // An ended process that nobody has waited for yet still has an id; its state is Z.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
