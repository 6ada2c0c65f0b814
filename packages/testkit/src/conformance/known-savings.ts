import { type DecisionEngine, type JsonValue, sumUsd } from '@cloudoptim/core';
import { type SavingsFixture, savingsFixtures } from '../fixtures/savings-fixture.js';
import { type Judgement, judge } from '../laws/judge.js';
import type { KnownSavings } from './report.js';

/** What a fixture's run came to. */
export interface FixtureRun extends Judgement {
  readonly fixture: SavingsFixture;
  readonly foundUsdPerHour: number;
}

/** Runs the fixtures through every law, and adds up what the engine saves of what can be saved. */
export async function runFixtures(
  engine: DecisionEngine,
  options: { readonly options?: JsonValue } = {},
): Promise<{ readonly runs: readonly FixtureRun[]; readonly known: KnownSavings }> {
  const runs: FixtureRun[] = [];
  for (const fixture of savingsFixtures) {
    const judgement = await judge(engine, fixture.given, options);
    const claimed = judgement.answer?.response.plan.savingsUsdPerHour.point ?? 0;
    // Claims beyond the optimum are broken laws, not savings.
    const foundUsdPerHour = Math.max(0, Math.min(claimed, fixture.bestSavingsUsdPerHour));
    runs.push({ ...judgement, fixture, foundUsdPerHour });
  }
  const bestUsdPerHour = sumUsd(savingsFixtures.map((fixture) => fixture.bestSavingsUsdPerHour));
  const foundUsdPerHour = sumUsd(runs.map((run) => run.foundUsdPerHour));
  const known: KnownSavings = {
    foundUsdPerHour,
    bestUsdPerHour,
    share: foundUsdPerHour / bestUsdPerHour,
    fixtures: runs.map(({ fixture, foundUsdPerHour }) => ({
      name: fixture.name,
      foundUsdPerHour,
      bestUsdPerHour: fixture.bestSavingsUsdPerHour,
    })),
  };
  return { runs, known };
}
