import { stepKey } from './changes.js';
import { areMany, areVeryMany, isQuick } from './effort.js';
import type { Model } from './model.js';
import type { Found } from './search.js';
import {
  launchesFirst,
  plainStyle,
  quickStyles,
  type Settled,
  type SettleStyle,
  settle,
  settleStyles,
  unlikeStyle,
} from './settle.js';
import { isLimited } from './thrifty-part.js';
import { mostSaved } from './worth.js';

/** So many of the searches' results are put in order where that is quick, since what saves most may hold least. */
const mostSettled = 4;

/** What is settled of less than this of what was found is worth another try where nodes are many. */
const poorlySettled = { full: 0.98, quick: 0.95 } as const;

/** What keeps more than the plain style where nodes are many; the first of them kept the most in each of four clusters of 400 nodes. */
const launchedFirst: readonly SettleStyle[] = [
  { ...unlikeStyle, evictions: 'launches-first' },
  { ...launchesFirst, evictions: 'launches-first' },
  { ...unlikeStyle, evictions: 'launches-first, largest' },
  { ...launchesFirst, evictions: 'launches-first, largest' },
];

/**
 * The best that each style of settling makes of what was found, and the best that comes of each of those, where that is quick; most
 * saved first, equal ones once. One exchange of a whole cluster may save most in every style, and then the proof refuses it.
 */
export async function waysSettled(
  model: Model,
  candidates: readonly number[],
  found: readonly Found[],
): Promise<Settled[]> {
  const [first, ...others] = found;
  if (first === undefined) throw new RangeError('There is at least one order.');
  if (areMany(model, candidates)) return waysOfLarge(model, candidates, first, others);
  const styles = isQuick(model) ? quickStyles : settleStyles;
  const ofStyles = styles.map((): Settled[] => []);
  const ofFound: Settled[][] = [];
  for (const { steps } of found.slice(0, mostSettled)) {
    const settled: Settled[] = [];
    for (const style of styles) settled.push(await settle(model, steps, style));
    for (const [position, own] of ofStyles.entries()) own.push(settled[position] as Settled);
    ofFound.push(settled);
  }
  const ways = [...ofStyles, ...ofFound].map((own) => [...own].sort(mostSaved)[0] as Settled);
  const sorted = unlike(ways).sort(mostSaved);
  return isQuick(model) ? sorted.slice(0, 2) : sorted;
}

/** The plain style of a large cluster; where it keeps little of what was found, the best of others too, which may yet keep less in the proof. */
async function waysOfLarge(
  model: Model,
  candidates: readonly number[],
  first: Found,
  others: readonly Found[],
): Promise<Settled[]> {
  const plain = await plainlySettled(model, first, others);
  if (areVeryMany(model, candidates)) return [plain];
  const ways = [plain];
  // Under a limit what saves most was found among few nodes, and may hold less.
  if (isLimited(model) && !isQuick(model) && others[0] !== undefined)
    ways.push(await settle(model, others[0].steps, plainStyle));
  if (plain.expectedUsdPerHour < poorlySettled[model.options.effort] * first.expectedUsdPerHour) {
    const launched: Settled[] = [];
    for (const style of isQuick(model) ? launchedFirst.slice(0, 1) : launchedFirst)
      launched.push(await settle(model, first.steps, style));
    ways.push(...launched.sort(mostSaved).slice(0, 1));
  }
  return unlike(ways).sort(mostSaved);
}

/** The best that the plain style makes of what was found: where nodes are many, of what may keep more than was kept so far. */
async function plainlySettled(model: Model, first: Found, others: readonly Found[]): Promise<Settled> {
  let best = await settle(model, first.steps, plainStyle);
  for (const { steps, expectedUsdPerHour } of others) {
    if (expectedUsdPerHour <= best.expectedUsdPerHour) continue;
    const next = await settle(model, steps, plainStyle);
    if (next.expectedUsdPerHour > best.expectedUsdPerHour) best = next;
  }
  return best;
}

/** Each way once: to prove one twice gains nothing. */
function unlike(ways: readonly Settled[]): Settled[] {
  return [...new Map(ways.map((way) => [wayKey(way), way])).values()];
}

/** Equal for what the proof treats alike. */
function wayKey({ steps, style: { adds, replaces, inPlace, evictions } }: Settled): string {
  return [adds, replaces, inPlace, evictions, ...steps.map(stepKey)].join(' ');
}
