/**
 * Whether a `karpenter.sh/do-not-disrupt` value holds at `now`: `true` for ever, a Go duration (`1h30m`) for that long after
 * `sinceMs`. A value that is neither was meant to protect and cannot be read, so it protects; `false` does not.
 */
export function protects(value: string | undefined, sinceMs: number, now: number): boolean {
  if (value === undefined || value === '' || value === 'false') return false;
  const duration = goDurationMs(value);
  return duration === undefined ? true : sinceMs + duration > now;
}

const unitsMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/** Milliseconds of a Go duration (time.ParseDuration), undefined for any other text. */
export function goDurationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return text === '0' ? 0 : undefined;
  let sum = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
    sum += Number(amount) * (unitsMs[unit as string] as number);
  return sum;
}
