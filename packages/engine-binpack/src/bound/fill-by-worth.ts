import { type BoundColumn, type BoundProblem, mostOnOneNode } from '@cloudoptim/scheduling';
import type { OwnPrices } from './configurations.js';

/** Of the pods of a class that still fit, what share is taken at once. */
const boldness = 0.15;

/**
 * Good pods for one large node, where a search for the best would not end: step by step those of the class that brings the most
 * for the room that it takes, room being the dearer the less of it is left (after Toyoda 1975). Returns what they bring, in USD
 * per hour.
 */
export function fillByWorth({ classes, columns, rows }: BoundProblem, prices: OwnPrices, column: number) {
  const kind = columns[column] as BoundColumn;
  const base = column * rows.length;
  const room = [...kind.capacity];
  const inGroup = new Map<number, number>();
  const items = classes.flatMap((entry, index) => {
    const most = (prices.classes[index] as number) > 0 ? mostOnOneNode(kind, entry, index) : 0;
    return most > 0 ? [{ index, most, ...entry }] : [];
  });
  const counts = new Map<number, number>();
  let worth = 0;
  for (;;) {
    const scarce = room.map((left, row) => {
      const share = 0.01 * kind.usdPerHour + (kind.capacity[row] as number) * (prices.columns[base + row] as number);
      return left > 0 ? share / left : 0;
    });
    let [most, best, wanted] = [0, -1, 0];
    items.forEach(({ index, needs, group, most: limit }, at) => {
      let [takes, fits] = [0, limit - (counts.get(index) ?? 0)];
      if (group >= 0) fits = Math.min(fits, (kind.sharing.get(group) ?? 1) - (inGroup.get(group) ?? 0));
      if (fits <= 0) return;
      for (let row = 0; row < room.length; row++) {
        const need = needs[row] as number;
        if (need === 0) continue;
        takes += need * (scarce[row] as number);
        fits = Math.min(fits, Math.floor((room[row] as number) / need));
      }
      const rate = fits <= 0 ? 0 : (prices.classes[index] as number) / Math.max(takes, 1e-12);
      if (rate > most) [most, best, wanted] = [rate, at, fits];
    });
    const chosen = items[best];
    if (chosen === undefined) break;
    const count = Math.max(1, Math.floor(boldness * wanted));
    counts.set(chosen.index, (counts.get(chosen.index) ?? 0) + count);
    if (chosen.group >= 0) inGroup.set(chosen.group, (inGroup.get(chosen.group) ?? 0) + count);
    worth += count * (prices.classes[chosen.index] as number);
    for (let row = 0; row < room.length; row++)
      room[row] = (room[row] as number) - count * (chosen.needs[row] as number);
  }
  return { worth, holds: [...counts].sort(([a], [b]) => a - b) };
}
