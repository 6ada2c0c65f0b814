import { describe, expect, it } from 'vitest';
import { hasAssets } from '../rig/assets.js';
import { caseKeeper } from './keep-case.js';
import { planDifferential } from './plan-differential.js';
import { differences, leastShown, reportLines, shareShown, totalsOf } from './report.js';

/**
 * Few in CI; `npm run bench -- plan-differential` is the longer run. One case alone is one cluster with its own seed. A plan may be
 * refused once for each of its pods, and what happens may show none of that: three plans were seven of the 107 refusals of 20 clusters.
 */
const clusters = Number(process.env.CLOUDOPTIM_PLAN_CLUSTERS ?? 30);
const seed = Number(process.env.CLOUDOPTIM_PLAN_SEED ?? 1);

describe.runIf(hasAssets)('plans carried out on real clusters', () => {
  it(`end as verifyPlan says, on ${clusters} clusters from seed ${seed}`, async () => {
    const run = await planDifferential({ clusters, seed, log: (line) => console.log(line), keep: caseKeeper() });
    console.log(reportLines(run, seed).join('\n'));
    const totals = totalsOf(run.results);
    // Plans enough to mean something: of a run that proposes nothing, everything holds.
    expect(totals.accepted, 'accepted plans').toBeGreaterThanOrEqual(clusters / 2);
    expect(totals.refusals, 'refusals').toBeGreaterThanOrEqual(clusters / 2);
    const broken = differences(run.results).filter((line) => line.includes('accepted'));
    expect(broken, 'accepted plans that did not end well').toEqual([]);
    expect(shareShown(totals), 'share of refusals shown to be right').toBeGreaterThanOrEqual(leastShown);
  });
});
