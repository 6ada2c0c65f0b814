/** What a benchmark file exports as `run`: `export const run: Bench = async ({ quick, seed, log }) => …`. */
export type Bench = (options: BenchOptions) => Promise<BenchResult>;

export interface BenchOptions {
  /** Take a small input: to see that the benchmark works, not to quote its figures. */
  readonly quick: boolean;
  /** The same seed gives the same input. */
  readonly seed: number;
  /** How many cases, where a benchmark counts them. */
  readonly probes?: number | undefined;
  /** A Kubernetes version to emulate, where there is a server. */
  readonly emulated?: string | undefined;
  /** Whether to ask peers that are programs of their own, built with Go. */
  readonly peers: boolean;
  /** Says on stderr how far it is. */
  readonly log: (line: string) => void;
}

export interface BenchResult {
  /** Printed as a table; the keys of the first row are its columns. Units belong in the names. */
  readonly rows: readonly Readonly<Record<string, string | number | boolean>>[];
  /** What the figures are held to. */
  readonly checks: readonly BenchCheck[];
}

export interface BenchCheck {
  /** What was measured, with its unit: `verify 5,000 nodes, seconds`. */
  readonly what: string;
  readonly value: number | string;
  /** As a reader would say it: `< 2`. */
  readonly target: number | string;
  readonly met: boolean;
}
