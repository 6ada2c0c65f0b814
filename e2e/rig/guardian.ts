import { spawn } from 'node:child_process';

/**
 * Sees to it that nothing outlives the test process, whatever ends it: Ctrl-C, an exception, even SIGKILL. It is a small shell
 * beside the test that reads from a pipe which programs run. When the pipe ends while some still do, it ends them, the newest
 * first (so the API server before etcd), and removes the folders.
 */
export interface Guardian {
  watchProgram(pid: number): void;
  forgetProgram(pid: number): void;
  watchFolder(path: string): void;
  forgetFolder(path: string): void;
}

// Ids of ended programs are taken off at once, so an id that the system gave to somebody else is never signalled.
const script = `
programs=
folders=
while read -r what name; do
  case $what in
    +program) programs="$name $programs" ;;
    -program) kept=; for one in $programs; do [ "$one" = "$name" ] || kept="$kept $one"; done; programs=$kept ;;
    +folder) folders="$name $folders" ;;
    -folder) kept=; for one in $folders; do [ "$one" = "$name" ] || kept="$kept $one"; done; folders=$kept ;;
  esac
done
for one in $programs; do kill -KILL "$one"; done
for one in $folders; do rm -rf "$one"; done
`;

let started: Guardian | undefined;

/** The guardian of this process, started when first needed. */
export function guardian(): Guardian {
  started ??= startGuardian();
  return started;
}

function startGuardian(): Guardian {
  // In a group of its own: Ctrl-C reaches the whole group of the terminal, and the guardian must outlive it.
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  const say = (line: string) => shell.stdin.write(`${line}\n`);
  return {
    watchProgram: (pid) => say(`+program ${pid}`),
    forgetProgram: (pid) => say(`-program ${pid}`),
    watchFolder: (path) => say(`+folder ${path}`),
    forgetFolder: (path) => say(`-folder ${path}`),
  };
}
