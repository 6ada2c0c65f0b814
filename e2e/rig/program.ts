import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardian } from './guardian.js';

/** A program that runs beside the test, with its output in a file. */
export interface Program {
  readonly name: string;
  /** Absent when it could not be run at all. */
  readonly pid?: number;
  /** Whether it still runs. */
  readonly running: boolean;
  /** The last lines that it wrote, for messages. */
  tail(lines?: number): string;
  /** Asks it to end, waits, and after `patienceMs` ends it by force. Safe to call twice. */
  stop(patienceMs?: number): Promise<void>;
}

/** Starts a program with its output going to `logFile`. A program that cannot be run at all is found out by `running`. */
export function startProgram(name: string, path: string, args: readonly string[], logFile: string): Program {
  const log = openSync(logFile, 'a');
  // In a group of its own: Ctrl-C must reach the test alone, else etcd would be gone before the API server.
  const child = spawn(path, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const { pid } = child;
  if (pid !== undefined) guardian().addProgram(pid);
  let running = pid !== undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    running = false;
    if (pid !== undefined) guardian().removeProgram(pid);
  });
  return {
    name,
    ...(pid === undefined ? {} : { pid }),
    get running() {
      return running;
    },
    tail: (lines = 20) => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
    async stop(patienceMs = 10_000) {
      if (running) child.kill('SIGTERM');
      const inTime = await Promise.race([ended.then(() => true), sleep(patienceMs, false, { ref: false })]);
      if (!inTime) child.kill('SIGKILL');
      await ended;
    },
  };
}
