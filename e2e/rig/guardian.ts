import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Sees to it that nothing outlives the test process, whatever ends it: Ctrl-C, an exception, even SIGKILL. It is a small shell
 * beside the test that reads from a pipe which programs run. When the pipe ends while some still do, it ends them, the newest
 * first (so the API server before etcd), and removes the folders.
 */
export interface Guardian {
  addProgram(pid: number): void;
  removeProgram(pid: number): void;
  addFolder(path: string): void;
  removeFolder(path: string): void;
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
  // A pipe is a socket to Node. Left as it is, it would keep the test process from ending by itself.
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  const say = (line: string) => shell.stdin.write(`${line}\n`);
  return {
    addProgram: (pid) => say(`+program ${pid}`),
    removeProgram: (pid) => say(`-program ${pid}`),
    addFolder: (path) => say(`+folder ${path}`),
    removeFolder: (path) => say(`-folder ${path}`),
  };
}
