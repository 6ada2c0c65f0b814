import { randomNumbers } from '@cloudoptim/scheduling';
import { expect, test } from 'vitest';
import { KindList } from '../src/pack/kind-list.js';

interface Kind {
  readonly needs: readonly number[];
  readonly merit: number;
  readonly favour: number;
}

test('the best kind is the first of those with room that score most, of all and of the better ones', () => {
  const random = randomNumbers(5);
  // A few numbers only, so that scores are often equal.
  const few = (most: number) => Math.floor(most * random());
  let [narrow, ended] = [0, 0];
  for (let round = 0; round < 300; round++) {
    const width = 1 + few(3);
    const kinds = Array.from({ length: 1 + few(30) }, (): Kind => {
      const needs = Array.from({ length: width }, () => few(6));
      return { needs, merit: 1 + few(3), favour: 1 + few(2) };
    });
    const list = listOf(kinds, width);
    const room = Array.from({ length: width }, () => 10);
    const gone = new Set<number>();
    let [all, better] = [[...kinds.keys()], [] as number[]];
    for (let step = 0; step < 12; step++) {
      const pull = Float64Array.from({ length: width }, () => 1 + few(3));
      const isWide = step % 4 === 0;
      const asked = isWide ? all : better;
      const holding = asked.filter(
        (kind) => !gone.has(kind) && kinds[kind]?.needs.every((need, at) => need <= (room[at] as number)),
      );
      const scores = holding.map((kind) => scoreOf(kinds[kind] as Kind, pull));
      const most = Math.max(...scores);
      const place = isWide ? list.best(room, pull) : list.bestOfBetter(room, pull);
      const best = holding[scores.indexOf(most)];
      expect(place < 0 ? undefined : list.kind(place)).toBe(best);
      if (isWide) all = holding;
      better = isWide ? holding.filter((_, at) => (scores[at] as number) >= 0.8 * most) : holding;
      expect([list.size, list.betterSize]).toEqual([all.length, better.length]);
      if (best === undefined) continue;
      if (!isWide) narrow++;
      if (random() < 0.3) {
        list.end(place);
        gone.add(best);
        ended++;
      } else for (const [at, need] of (kinds[best] as Kind).needs.entries()) room[at] = (room[at] as number) - need;
    }
  }
  expect(Math.min(narrow, ended)).toBeGreaterThan(100);
});

function scoreOf({ needs, merit, favour }: Kind, pull: Float64Array): number {
  return needs.reduce((sum, need, at) => sum + need * (pull[at] as number), 0) * merit * favour;
}

function listOf(kinds: readonly Kind[], width: number): KindList {
  const list = new KindList({
    count: kinds.length,
    rows: Array.from({ length: width }, (_, row) => row),
    needs: Float64Array.from(kinds.flatMap(({ needs }) => needs)),
    ofClass: new Int32Array(),
    members: [],
    fits: new Uint8Array(),
  });
  for (const [kind, { merit, favour }] of kinds.entries()) list.add(kind, merit, favour);
  return list;
}
