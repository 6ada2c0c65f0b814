import type { Bench } from './bench.js';
import { type CurrentRow, fromCurrent, likeTheField, quickRule, tenthRule } from './from-current.js';
import { grownCluster, packingFixtures } from './generators/packing-fixtures.js';

/**
 * binpack on clusters that run: half-empty nodes of one type, as they grow by hand. What it saves, how far that is from the
 * certified bound, what half of the evictions would save, and what the rules of the field come to.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const sizes = quick ? [600] : [2_000, 15_000, 150_000];
  const fixtures = sizes.flatMap((pods) => {
    const all = packingFixtures({ pods, seed, log }).slice(0, 3);
    // Mixes under constraints take minutes where they are large.
    return pods > 2_000 ? all.slice(1, 2) : all;
  });
  const rows: CurrentRow[] = [];
  for (const fixture of fixtures) rows.push(...(await fromCurrent(grownCluster(fixture, 'm6a.4xlarge'), log)));

  const ours = rows.filter(({ rule }) => rule === 'binpack');
  // Like with like: where architectures may change, the row in which they do.
  const alike = ours.map((own) => rows.find((row) => row.fixture === own.fixture && row.rule === likeTheField) ?? own);
  const dearer = alike.filter((row) =>
    rows.some(
      (other) =>
        other.fixture === row.fixture &&
        !other.rule.startsWith('binpack') &&
        other.verdict === '' &&
        other.usdPerHour < row.usdPerHour,
    ),
  ).length;
  const least = Math.min(
    ...rows.filter(({ rule }) => rule.includes('half')).map(({ ofSavingsPercent }) => ofSavingsPercent),
  );
  const unproven = rows.filter(({ rule, verdict }) => rule.startsWith('binpack') && verdict !== 'verified').length;
  const slowest = (own: readonly CurrentRow[]) =>
    Math.max(...own.map(({ planMs, verifyMs }) => planMs + verifyMs)) / 1000;
  const whole = slowest(ours);
  const tenth = slowest(rows.filter(({ rule }) => rule === tenthRule));
  const slowestQuick = Math.max(...rows.filter(({ rule }) => rule === quickRule).map(({ planMs }) => planMs)) / 1000;
  return {
    rows,
    checks: [
      { what: 'a quick plan, s (slowest row)', value: slowestQuick, target: '< 2', met: slowestQuick < 2 },
      { what: 'planned and verified, s (slowest row)', value: whole, target: '< 3', met: whole < 3 },
      {
        what: 'a tenth of the nodes planned and verified, s (slowest row)',
        value: tenth,
        target: '< 3',
        met: tenth < 3,
      },
      {
        what: 'rows dearer than a rule of the field (both free in architecture)',
        value: dearer,
        target: 0,
        met: dearer === 0,
      },
      {
        what: 'of full savings with half of the evictions, % (least row)',
        value: least,
        target: '≥ 95',
        met: least >= 95,
      },
      { what: 'plans not verified', value: unproven, target: 0, met: unproven === 0 },
    ],
  };
};
