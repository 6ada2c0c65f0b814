import { hoursPerMonth } from '@cloudoptim/core';

/** `$1.2345/h`: four decimals, since an m7g.medium costs $0.0408; two for large sums. */
export function perHour(usd: number): string {
  return `${dollars(usd, Math.abs(usd) < 100 ? 4 : 2)}/h`;
}

/** `$8,326/month`, 730 hours; cents only for small amounts. */
export function perMonth(usdPerHour: number): string {
  const usd = usdPerHour * hoursPerMonth;
  return `${dollars(usd, Math.abs(usd) < 100 ? 2 : 0)}/month`;
}

/** `24.5 %` of a whole; empty when there is no whole. */
export function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '';
}

/** Written out by hand: Intl's grouping differs with the ICU that Node was built with. */
export function dollars(usd: number, digits: number): string {
  const fixed = Math.abs(usd).toFixed(digits);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = usd < 0 && Number(fixed) !== 0 ? '-' : '';
  return `${sign}$${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `1,234`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 node`, `2 nodes`, `3 classes`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `2026-10-05 09:00 UTC`. */
export function instant(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return `${ms} ms`;
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `3 days`, `2 hours`, `5 minutes`: how long ago or from now, roughly. */
export function roughDuration(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 60) return counted(minutes, 'minute');
  if (minutes < 48 * 60) return counted(Math.round(minutes / 60), 'hour');
  return counted(Math.round(minutes / 1440), 'day');
}
