import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `task` while holding the folder `path` as a lock between processes, so that `npm start` in one terminal and
 * `npm test` in another do not both write the same dist. A lock whose owner is gone is taken over.
 */
export async function withLock(path, task) {
  const owner = join(path, 'pid');
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; !take(path); attempt++) {
    if (isAbandoned(owner, attempt)) rmSync(path, { recursive: true, force: true });
    else await sleep(100);
  }
  try {
    writeFileSync(owner, String(process.pid));
    return await task();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function take(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(owner, attempt) {
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    // Without a pid file its owner may just be about to write it: give it a second.
    return error.code === 'ESRCH' || (error.code === 'ENOENT' && attempt > 10);
  }
}
