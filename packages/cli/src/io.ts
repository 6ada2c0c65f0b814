/** Everything a command may touch of the outside, so that tests run one in their own process. */
export interface Io {
  /** Resolves once the text is handed on; rejects with OutputClosed when the reader went away. */
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Wall clock, milliseconds since the epoch: only to say how old things are. Decisions use the snapshot's time. */
  nowMs(): number;
}

export interface Output {
  write(text: string): Promise<void>;
  readonly isTTY: boolean;
  /** Characters to a line, on a terminal. */
  readonly columns?: number;
}

/** The reader of our output is gone (`| head`): nothing to tell anybody, just stop. */
export class OutputClosed extends Error {
  constructor() {
    super('The reader of the output went away.');
    this.name = 'OutputClosed';
  }
}

/** Whether to colour: only on a terminal, and never against https://no-color.org. */
export function wantsColour(output: Output, env: Io['env']): boolean {
  return output.isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
