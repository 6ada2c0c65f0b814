import { type ExitCode, exitCode } from './exit-code.js';
import type { Io } from './io.js';
import { createProgram } from './program.js';
import { reportFailure } from './report-failure.js';

/** Runs the command line and tells the exit code. Never throws, never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  // Commander writes at once and cannot wait; its texts are handed on in order afterwards.
  const said: { readonly text: string; readonly to: 'out' | 'err' }[] = [];
  try {
    const program = createProgram(
      io,
      (result) => {
        code = result;
      },
      (text, to) => said.push({ text, to }),
    );
    if (argv.length === 0) {
      program.outputHelp();
    } else {
      await program.parseAsync([...argv], { from: 'user' });
    }
  } catch (error) {
    code = await handOn().then(
      () => reportFailure(error, io),
      (failure: unknown) => reportFailure(failure, io),
    );
    return code;
  }
  try {
    await handOn();
  } catch (error) {
    return await reportFailure(error, io);
  }
  return io.signal.aborted ? exitCode.interrupted : code;

  async function handOn(): Promise<void> {
    for (const { text, to } of said.splice(0)) await (to === 'out' ? io.stdout : io.stderr).write(text);
  }
}
