/**
 * Whether a window that opens by a UTC cron schedule and stays open for some seconds is open at `now`. Undefined when the
 * schedule cannot be read. Standard five fields and the @hourly … @yearly names, as in robfig/cron, which Karpenter uses.
 */
export function cronWindowIsOpen(schedule: string, durationSeconds: number, now: number): boolean | undefined {
  const fields = parse(schedule);
  if (fields === undefined) return undefined;
  const today = Math.floor(now / dayMs);
  const opened = now - durationSeconds * 1000;
  // A schedule that opens at all opens within four years and a day (29 February).
  const first = Math.max(Math.floor(opened / dayMs), today - 1462);
  for (let day = today; day >= first; day--) {
    if (!opensOn(fields, new Date(day * dayMs))) continue;
    // Only the latest opening matters: if that one has closed, so have all before it.
    const latest = latestMinute(fields, now - day * dayMs);
    if (latest !== undefined) return day * dayMs + latest > opened;
  }
  return false;
}

const dayMs = 86_400_000;

/** The latest opening of a day, in milliseconds from its start, that is not after `until`. */
function latestMinute({ hour, minute }: Fields, until: number): number | undefined {
  for (let at = Math.min(23, Math.floor(until / 3_600_000)); at >= 0; at--) {
    if (!hour.has(at)) continue;
    for (let past = 59; past >= 0; past--) {
      const ms = at * 3_600_000 + past * 60_000;
      if (minute.has(past) && ms <= until) return ms;
    }
  }
  return undefined;
}

interface Fields {
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly day: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  readonly weekday: ReadonlySet<number>;
  /** Day and weekday are joined by "or" when both are restricted, else by "and". */
  readonly eitherDay: boolean;
}

const named: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function parse(schedule: string): Fields | undefined {
  const text = Object.hasOwn(named, schedule) ? (named[schedule] as string) : schedule;
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minutes, hours, days, monthText, weekdayText] = parts as [string, string, string, string, string];
  const minute = field(minutes, 0, 59, []);
  const hour = field(hours, 0, 23, []);
  const day = field(days, 1, 31, []);
  const month = field(monthText, 1, 12, months);
  const weekday = field(weekdayText, 0, 7, weekdays);
  if (minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined)
    return undefined;
  if (weekday.has(7)) weekday.add(0);
  return { minute, hour, day, month, weekday, eitherDay: !isStar(days) && !isStar(weekdayText) };
}

function isStar(text: string): boolean {
  return text.startsWith('*') || text === '?';
}

function field(text: string, least: number, most: number, names: readonly string[]): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const match = /^(?:(\*|\?)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, star, first, last, stepText] = match;
    const step = stepText === undefined ? 1 : Number(stepText);
    const from = star === undefined ? numberOf(first as string, least, names) : least;
    let to = star === undefined ? (last === undefined ? from : numberOf(last, least, names)) : most;
    if (star === undefined && last === undefined && stepText !== undefined) to = most;
    if (step < 1 || from === undefined || to === undefined || from < least || to > most || from > to) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function numberOf(text: string, least: number, names: readonly string[]): number | undefined {
  const name = names.indexOf(text);
  // Months count from one, weekdays from zero, as their fields do.
  if (name !== -1) return name + least;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function opensOn(fields: Fields, at: Date): boolean {
  if (!fields.month.has(at.getUTCMonth() + 1)) return false;
  const day = fields.day.has(at.getUTCDate());
  const weekday = fields.weekday.has(at.getUTCDay());
  return fields.eitherDay ? day || weekday : day && weekday;
}
