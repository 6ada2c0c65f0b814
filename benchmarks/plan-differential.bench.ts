import { caseKeeper } from '../e2e/plans/keep-case.js';
import { planDifferential } from '../e2e/plans/plan-differential.js';
import { differences, leastShown, percent, planRows, refusalRows, shareShown, totalsOf } from '../e2e/plans/report.js';
import type { Bench } from './bench.js';

/**
 * Executes plans on real clusters (needs KUBEBUILDER_ASSETS, see e2e/README.md): 300 clusters, or as many as
 * CLOUDOPTIM_PLAN_CLUSTERS says. Differences are printed as they are found at the end, each with its seed.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const clusters = Number(process.env.CLOUDOPTIM_PLAN_CLUSTERS ?? (quick ? 4 : 300));
  const done = await planDifferential({ clusters, seed, log, keep: caseKeeper() });
  const totals = totalsOf(done.results);
  for (const line of differences(done.results)) log(line);
  const plans = planRows(done.results).map((row) => ({ what: `${row.source} ${row.verdict}`, ...row }));
  const share = shareShown(totals);
  return {
    rows: [
      ...plans.map(({ what, plans: count, endedWell, evictions }) => ({
        ...{ what, count, endedWell, evictions },
        ...{ seen: '', liveFact: '', planFact: '', notReached: '', notShown: '' },
      })),
      ...refusalRows(done.results).map(({ code, refusals, ...shown }) => ({
        ...{ what: code, count: refusals, endedWell: '', evictions: '' },
        ...shown,
      })),
    ],
    checks: [
      { what: 'clusters', value: totals.clusters, target: `>= ${clusters}`, met: totals.clusters >= clusters },
      {
        what: `accepted plans that did not end well, of ${totals.accepted}`,
        value: totals.accepted - totals.acceptedWell,
        target: 0,
        met: totals.accepted === totals.acceptedWell,
      },
      {
        what: 'of them, stopped since a pod that waited came to a node before the plan did',
        value: totals.stopped,
        target: 'printed',
        met: true,
      },
      {
        what: `refusals shown to be right, of ${totals.refusals - totals.notReached} whose step was reached`,
        value: percent(share),
        target: `>= ${percent(leastShown)}`,
        met: share >= leastShown,
      },
      {
        what: `engine plans after which nothing more is proposed, of ${totals.asked}`,
        value: totals.fixedPoints,
        target: 'printed',
        met: true,
      },
    ],
  };
};
