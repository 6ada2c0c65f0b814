import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './packages.mjs';

/**
 * Runs a program to its end and answers `{ code, output }`; it does not throw on a failing program.
 * Output is captured (both streams, in order of arrival) unless `inherit` is set.
 */
export function run(command, args, { cwd = root, env = {}, inherit = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      // No stdin: a tool that asks a question must fail, not wait for an answer that never comes.
      stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output }),
    );
  });
}

/** Runs a file with the Node that runs this. */
export function runNode(file, args = [], options) {
  return run(process.execPath, [file, ...args], options);
}

/** Runs npm: the very one that started this script when there is one. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  if (npm && /npm-cli\.c?js$/.test(npm)) return runNode(npm, args, options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/** Path of a file inside the installed packages of the root. */
export function installed(...parts) {
  return join(root, 'node_modules', ...parts);
}

/** Lets at most `size` tasks run at a time; the rest wait in the order they came. */
export function limit(size) {
  let running = 0;
  const waiting = [];
  return async (task) => {
    if (running >= size) await new Promise((go) => waiting.push(go));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
