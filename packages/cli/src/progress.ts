import type { Io } from './io.js';
import { displayText } from './render/display-text.js';

/** Tells on stderr that something long is going on. */
export interface Progress {
  say(message: string): void;
  /** Wipes the line, before the result is printed. */
  done(): void;
}

/** On a terminal one line that is rewritten; elsewhere a line only once something takes long, and then rarely. */
const terminalEveryMs = 100;
const quietForMs = 2000;
const logEveryMs = 5000;

export function createProgress(io: Io): Progress {
  const { stderr } = io;
  const begun = io.nowMs();
  let last = stderr.isTTY ? Number.NEGATIVE_INFINITY : begun + quietForMs - logEveryMs;
  let isShown = false;
  return {
    say(message) {
      const now = io.nowMs();
      if (now - last < (stderr.isTTY ? terminalEveryMs : logEveryMs)) return;
      last = now;
      const text = displayText(message);
      isShown = stderr.isTTY;
      // Nobody waits for progress, and a reader that went away must not end the work.
      const width = (stderr.columns ?? 80) - 1;
      const line = stderr.isTTY ? `\r\u001b[2K${`cloudoptim: ${text}`.slice(0, width)}` : `cloudoptim: ${text}\n`;
      stderr.write(line).catch(() => {});
    },
    done() {
      if (isShown) stderr.write('\r\u001b[2K').catch(() => {});
      isShown = false;
    },
  };
}
