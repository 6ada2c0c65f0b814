import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { planDifferential } from './plan-differential.js';

it('tries', async () => {
  const run = await planDifferential({
    clusters: Number(process.env.N ?? 6),
    seed: Number(process.env.S ?? 1),
    log: (l) => console.log(l),
  });
  writeFileSync(process.env.OUT ?? '/tmp/plans-try.json', JSON.stringify(run, undefined, 1));
  console.log(run.seconds);
});
