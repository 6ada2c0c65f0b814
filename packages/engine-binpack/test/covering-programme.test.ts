import highs from 'highs';
import { expect, test } from 'vitest';
import { CoveringProgramme, type Purchase } from '../src/bound/covering-programme.js';

// Its types describe the CommonJS build, whose default is one level deeper than that of the module we get.
type LoadHighs = typeof highs.default;

test('a covering programme costs what another solver finds, also after purchases have joined', async () => {
  const solver = await (highs as unknown as LoadHighs)();
  let state = 7;
  const below = (limit: number) => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let time = 0; time < 20; time++) {
    const rows = 3 + below(12);
    // The last row is a limit on purchases that use it.
    const asked = [...Array.from({ length: rows }, () => 1 + below(20)), -3];
    const first = [
      ...Array.from({ length: rows }, (_, row): Purchase => ({ cost: 5 + below(5), adds: [[row, 1 + below(3)]] })),
      undefined,
    ];
    const programme = new CoveringProgramme(asked, first);
    const all = first.flatMap((purchase) => purchase ?? []);
    for (let more = 0; more < 4; more++) {
      for (let count = 0; count < 6; count++) {
        const adds = Array.from({ length: rows }, (_, row) => [row, below(4)] as const).filter(
          ([, amount]) => amount > 0,
        );
        const purchase: Purchase = { cost: 2 + below(9), adds: below(3) === 0 ? [...adds, [rows, -1]] : adds };
        all.push(purchase);
        programme.add(purchase);
      }
      programme.solve(1_000);
      const { ObjectiveValue, Rows } = solver.solve(asText(asked, all));
      expect(programme.usdPerHour).toBeCloseTo(ObjectiveValue, 3);
      const worth = programme.prices().reduce((sum, price, row) => sum + price * (asked[row] as number), 0);
      expect(worth).toBeCloseTo(ObjectiveValue, 3);
      expect(Rows).toHaveLength(asked.length);
    }
  }
});

function asText(asked: readonly number[], purchases: readonly Purchase[]): string {
  const rows = asked.map((amount, row) => {
    const parts = purchases.flatMap(({ adds }, at) =>
      adds.flatMap(([own, added]) => (own === row ? [`${added < 0 ? '-' : '+'} ${Math.abs(added)} x${at}`] : [])),
    );
    return `r${row}: ${parts.length > 0 ? parts.join(' ') : '0 x0'} >= ${amount}`;
  });
  return [
    'Minimize',
    `cost: ${purchases.map(({ cost }, at) => `${cost} x${at}`).join(' + ')}`,
    'Subject To',
    ...rows,
    'End',
  ].join('\n');
}
