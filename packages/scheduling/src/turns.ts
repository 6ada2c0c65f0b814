/**
 * Long work that is done in turns: whoever drives it may let timers, sockets and aborts have theirs at each `yield`. It must not
 * be driven by two at once where it shares what it changes.
 */
export type Turns<T> = Generator<undefined, T, undefined>;

/** Does all of it at once. */
export function finish<T>(turns: Turns<T>): T {
  for (;;) {
    const { done, value } = turns.next();
    if (done === true) return value;
  }
}

/** Waits for `pause` after each turn. What that throws ends the work where it is, and is thrown. */
export async function finishWithPauses<T>(turns: Turns<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = turns.next();
    if (done === true) return value;
    await pause();
  }
}
