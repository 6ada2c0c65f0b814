/** What a shell script may rely on. */
export const exitCode = {
  /** Done; for analyze and verify: the plan is verified. */
  done: 0,
  /** The plan is refused, or it would save more than --fail-above allows. */
  refused: 1,
  /** An option, a file or the cluster's answer is not what it must be; the message says which. */
  badInput: 2,
  /** The plan holds only if what was not listed turns out well. */
  conditional: 3,
  /** A bug of ours. */
  internal: 4,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
