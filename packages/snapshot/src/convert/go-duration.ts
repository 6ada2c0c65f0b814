const seconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration such as `1h30m` or `720h`; undefined when it is none (Go's time.ParseDuration). */
export function goDurationSeconds(text: string): number | undefined {
  if (text === '0') return 0;
  if (text.length > 60 || !/^(?:\d+(?:\.\d*)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|µs|ns)/g))
    total += Number(amount) * (seconds[unit as string] as number);
  return total;
}
