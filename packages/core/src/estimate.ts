/** A figure with its uncertainty: lower ≤ point ≤ upper, holding with the stated confidence. */
export interface Estimate {
  readonly point: number;
  readonly lower: number;
  readonly upper: number;
  /** Share of cases in which the true value lies in [lower, upper], from 0 to 1. 1 only for arithmetic on known prices. */
  readonly confidence: number;
  /** What the figure rests on, in a few words. */
  readonly basis: string;
}
