import { CommanderError } from 'commander';
import { type ExitCode, exitCode } from './exit-code.js';
import { type Io, OutputClosed } from './io.js';
import { displayText } from './render/display-text.js';
import { UserError } from './user-error.js';

/** Errors of core that mean a wrong input; the others mean a bug of an engine or of ours. */
const userCodes = ['invalid-input', 'invalid-request', 'invalid-quantity', 'engine-not-found', 'contract-mismatch'];
const longest = 2000;

/** Tells the user what went wrong in a sentence, never with a stack trace, and picks the exit code. */
export async function reportFailure(error: unknown, io: Io): Promise<ExitCode> {
  if (error instanceof OutputClosed) return exitCode.done;
  if (io.signal.aborted) {
    await say(io, 'interrupted');
    return exitCode.interrupted;
  }
  // Commander has already printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.badInput;
  // Only now: core brings zod along, which `--help` has no use for.
  const { CloudOptimError } = await import('@cloudoptim/core');
  if (error instanceof UserError || (CloudOptimError.isInstance(error) && userCodes.includes(error.code))) {
    await say(io, asSentence(messageOf(error)));
    await sayStack(error, io);
    return exitCode.badInput;
  }
  await say(
    io,
    `this is a bug in cloudoptim, or in the engine that ran: ${asSentence(messageOf(error))} Please report it with the command that you ran; CLOUDOPTIM_DEBUG=1 shows where it happened.`,
  );
  await sayStack(error, io);
  return exitCode.internal;
}

/** The message of anything that was thrown, without escapes or line breaks that could disguise it. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return displayText(shown.replace(/\s*\n\s*/g, '; ').trim());
}

function asSentence(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

async function say(io: Io, sentence: string): Promise<void> {
  await io.stderr.write(`cloudoptim: ${sentence}\n`).catch(() => {});
}

async function sayStack(error: unknown, io: Io): Promise<void> {
  if ((io.env.CLOUDOPTIM_DEBUG ?? '') === '' || !(error instanceof Error)) return;
  await io.stderr.write(`${error.stack ?? error.message}\n`).catch(() => {});
}
