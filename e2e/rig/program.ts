import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardian } from './guardian.js';

/** A program that runs beside the test, with its output in a file. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  /** The last lines that it wrote. */
  tail(lines?: number): string;
  /** Asks it to end, waits, and ends it by force after `patienceMs`. Safe to call twice. */
  stop(patienceMs?: number): Promise<void>;
}

export interface ProgramOptions {
  readonly name: string;
  readonly path: string;
  readonly arguments: readonly string[];
  readonly logFile: string;
}

/** Starts a program. Throws when it cannot be run at all; one that ends by itself later is found out by `running`. */
export async function startProgram({ name, path, arguments: args, logFile }: ProgramOptions): Promise<Program> {
  const log = openSync(logFile, 'a');
  // In a group of its own: Ctrl-C must reach the test alone, which then ends its programs in the right order.
  const child = spawn(path, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${name} cannot be run: ${error.message}`, { cause: error })));
  });
  const pid = Number(child.pid);
  guardian().watchProgram(pid);

  let running = true;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running = false;
      guardian().forgetProgram(pid);
      resolve();
    });
  });
  return {
    name,
    pid,
    get running() {
      return running;
    },
    tail: (lines = 20) => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
    async stop(patienceMs = 10_000) {
      if (running) child.kill('SIGTERM');
      const force = new AbortController();
      const late = sleep(patienceMs, undefined, { signal: force.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      await ended;
      force.abort();
      await late;
    },
  };
}
