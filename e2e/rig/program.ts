import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that runs beside the test, with its output in a file. */
export interface Program {
  readonly name: string;
  /** Whether it still runs. */
  readonly running: boolean;
  /** The last lines that it wrote, for messages. */
  tail(lines?: number): string;
  /** Asks it to end, waits, and after `patienceMs` ends it by force. Safe to call twice. */
  stop(patienceMs?: number): Promise<void>;
}

const alive = new Set<ChildProcess>();
// Whatever happens to the test process, what it started goes with it; the newest first, so the API server before etcd.
process.on('exit', () => {
  for (const child of [...alive].reverse()) child.kill('SIGKILL');
});

/** Starts a program with its output going to `logFile`. A program that cannot be run at all is found out by `running`. */
export function startProgram(name: string, path: string, args: readonly string[], logFile: string): Program {
  const log = openSync(logFile, 'a');
  const child = spawn(path, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  alive.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => void alive.delete(child));
  const isRunning = () => alive.has(child) && child.exitCode === null && child.signalCode === null;
  return {
    name,
    get running() {
      return isRunning();
    },
    tail: (lines = 20) => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
    async stop(patienceMs = 10_000) {
      if (isRunning()) child.kill('SIGTERM');
      const inTime = await Promise.race([ended.then(() => true), sleep(patienceMs, false, { ref: false })]);
      if (!inTime) child.kill('SIGKILL');
      await ended;
    },
  };
}
