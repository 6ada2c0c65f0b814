import { describe, expect, it } from 'vitest';
import { hasAssets } from '../rig/assets.js';
import { caseKeeper } from './keep-case.js';
import { planDifferential } from './plan-differential.js';
import { differences, leastShown, reportLines, shareShown, totalsOf } from './report.js';

/** Few in CI; `npm run bench -- plan-differential` is the longer run. One case alone is one cluster with its own seed. */
const clusters = Number(process.env.CLOUDOPTIM_PLAN_CLUSTERS ?? 20);
const seed = Number(process.env.CLOUDOPTIM_PLAN_SEED ?? 1);
/** From the first seed of a run to that of a second one. */
const furtherOn = 1_000_000;

describe.runIf(hasAssets)('plans carried out on real clusters', () => {
  it(`end as verifyPlan says, on ${clusters} clusters from seed ${seed}`, async () => {
    const carriedOut = async (from: number) => {
      const run = await planDifferential({
        clusters,
        seed: from,
        log: (line) => console.log(line),
        keep: caseKeeper(),
      });
      console.log(reportLines(run, from).join('\n'));
      return run.results;
    };
    const results = [...(await carriedOut(seed))];
    // One plan may be refused for each of its pods, and by what the scheduler happens to do be shown in none: a hundred refusals are a
    // small sample. Where it falls short, as many clusters again are looked at, and all of them are judged.
    if (shareShown(totalsOf(results)) < leastShown) results.push(...(await carriedOut(seed + furtherOn)));
    const totals = totalsOf(results);
    // Plans enough to mean something: of a run that proposes nothing, everything holds.
    expect(totals.accepted, 'accepted plans').toBeGreaterThanOrEqual(clusters / 2);
    expect(totals.refusals, 'refusals').toBeGreaterThanOrEqual(clusters / 2);
    const broken = differences(results).filter((line) => line.includes('accepted'));
    expect(broken, 'accepted plans that did not end well').toEqual([]);
    expect(shareShown(totals), 'share of refusals shown to be right').toBeGreaterThanOrEqual(leastShown);
  });
});
