import { exitCode } from './exit-code.js';
import { type Io, type Output, OutputClosed } from './io.js';
import { run } from './run.js';

/** Wires the process to the command line: the only place that knows `process`. */
const interrupt = new AbortController();
process.on('SIGINT', () => {
  // A second Ctrl-C means it: do not wait for anything.
  if (interrupt.signal.aborted) process.exit(exitCode.interrupted);
  interrupt.abort(new Error('interrupted'));
});

const io: Io = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  nowMs: () => Date.now(),
};

// Until a command has said how it went, an end of the process is a bug: a promise that nobody settles ends it silently.
process.exitCode = exitCode.internal;
run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
  // What was given up on (a read of stdin, an engine that does not look at the signal) must not keep the process alive.
  if (interrupt.signal.aborted) process.exit(code);
  process.stdin.unref?.();
});

function outputOf(stream: NodeJS.WriteStream): Output {
  let isClosed = false;
  // Without a listener EPIPE would end the process with a stack trace.
  stream.on('error', () => {
    isClosed = true;
  });
  return {
    isTTY: stream.isTTY === true,
    ...(stream.columns === undefined ? {} : { columns: stream.columns }),
    write: (text) =>
      new Promise((resolve, reject) => {
        if (isClosed) reject(new OutputClosed());
        else stream.write(text, (error) => (error ? reject(new OutputClosed()) : resolve()));
      }),
  };
}
