import { type DecisionEngine, type JsonValue, sumUsd } from '@cloudoptim/core';
import fc from 'fast-check';
import type { ClusterOptions } from '../arbitraries/cluster-state.js';
import { arbitraryDecisionCase, type DecisionCase } from '../arbitraries/decision-case.js';
import type { LawName } from '../laws/all-laws.js';
import { judge, type Violation } from '../laws/judge.js';
import { describeCase } from './describe-case.js';
import { runFixtures } from './known-savings.js';
import type { ConformanceFailure, ConformanceReport, KnownSavings } from './report.js';

export interface ConformanceOptions {
  /** Options for the engine; its own defaults when absent. */
  readonly options?: JsonValue;
  /** Generated cases; default 100. Each is held to every law. */
  readonly runs?: number;
  /** Repeats the cases of an earlier run; default drawn, and in the report. */
  readonly seed?: number;
  /** Repeats one case of that seed, as a failure's `replay` says. */
  readonly path?: string;
  /** False stops at the first failing case as it was drawn: sooner, and harder to read. Default true. */
  readonly shrink?: boolean;
  /** Sizes of the generated clusters. */
  readonly clusters?: ClusterOptions;
  /** Other cases than the generated ones; `clusters` is then unused. */
  readonly cases?: fc.Arbitrary<DecisionCase>;
  /** False leaves out the fixtures with known savings, which only engines that consider nodes are measured on. */
  readonly fixtures?: boolean;
  /** Least share of the known savings to find, from 0 to 1; default 0.9. */
  readonly knownSavings?: number;
}

/**
 * Holds an engine to every law of the contract, on generated cases and, when it considers nodes, on fixtures whose savings are
 * known by construction. Never throws for a broken law: read `report.failures`.
 */
export async function checkEngineConformance(
  engine: DecisionEngine,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const seed = options.seed ?? Math.floor(Math.random() * 0x7fffffff);
  const generated = await checkGenerated(engine, options, seed);
  const fixtures = await checkFixtures(engine, options);
  const failures = [...generated.failures, ...fixtures.failures];
  const { id, version } = engine;
  return {
    engine: { id, version },
    passed: failures.length === 0,
    seed,
    ...generated.figures,
    ...(fixtures.known && { knownSavings: fixtures.known }),
    failures,
  };
}

type Figures = Pick<
  ConformanceReport,
  'runs' | 'nonEmptyShare' | 'actionsPerPlan' | 'savedUsdPerHour' | 'currentUsdPerHour'
>;

async function checkGenerated(engine: DecisionEngine, options: ConformanceOptions, seed: number) {
  const cases = options.cases ?? arbitraryDecisionCase(options.clusters);
  const saved: number[] = [];
  const bills: number[] = [];
  let [runs, nonEmpty, actions] = [0, 0, 0];
  let caught: LawName | undefined;
  let last: Violation | undefined;
  const property = fc.asyncProperty(cases, async (given) => {
    const { answer, violation } = await judge(engine, given, {
      ...(options.options !== undefined && { options: options.options }),
      // While shrinking, only a smaller case of the same failure is of interest.
      ...(caught !== undefined && { only: caught }),
    });
    if (caught === undefined) {
      runs++;
      if (answer !== undefined) {
        const { plan } = answer.response;
        const count = plan.groups.reduce((sum, group) => sum + group.actions.length, 0);
        if (count > 0) nonEmpty++;
        actions += count;
        saved.push(finite(plan.savingsUsdPerHour.point));
        bills.push(finite(plan.currentUsdPerHour));
      }
    }
    if (violation !== undefined) {
      caught ??= violation.law;
      last = violation;
    }
    return violation === undefined;
  });
  const result = await fc.check(property, {
    seed,
    numRuns: options.runs ?? 100,
    ...(options.shrink === false && { endOnFailure: true }),
    ...(options.path !== undefined && { path: options.path, endOnFailure: true }),
  });
  const figures: Figures = {
    runs,
    nonEmptyShare: runs === 0 ? 0 : nonEmpty / runs,
    actionsPerPlan: nonEmpty === 0 ? 0 : actions / nonEmpty,
    savedUsdPerHour: sumUsd(saved),
    currentUsdPerHour: sumUsd(bills),
  };
  return { figures, failures: failuresOf(result, last) };
}

function failuresOf(result: fc.RunDetails<[DecisionCase]>, violation: Violation | undefined): ConformanceFailure[] {
  if (!result.failed) return [];
  const smallest = result.counterexample?.[0];
  if (violation === undefined || smallest === undefined) {
    // Neither a law nor an engine threw: the case itself could not be made or judged, which is our fault and must be seen.
    throw new Error('The conformance suite itself failed.', { cause: result.errorInstance });
  }
  const replay = { seed: result.seed, path: result.counterexamplePath ?? '' };
  return [{ ...violation, counterexample: describeCase(smallest), replay }];
}

async function checkFixtures(
  engine: DecisionEngine,
  options: ConformanceOptions,
): Promise<{ readonly known?: KnownSavings; readonly failures: readonly ConformanceFailure[] }> {
  // A replay is about one generated case.
  if (options.fixtures === false || options.path !== undefined || !engine.considers.includes('nodes')) {
    return { failures: [] };
  }
  const { runs, known } = await runFixtures(engine, options.options === undefined ? {} : { options: options.options });
  const failures = runs.flatMap(({ fixture, violation }): ConformanceFailure[] =>
    violation === undefined
      ? []
      : [{ ...violation, counterexample: `Fixture ${fixture.name}: ${fixture.story}\n${describeCase(fixture.given)}` }],
  );
  const least = options.knownSavings ?? 0.9;
  if (known.share >= least) return { known, failures };
  const missed = known.fixtures.filter(({ foundUsdPerHour, bestUsdPerHour }) => foundUsdPerHour < bestUsdPerHour);
  const message = `it finds ${known.foundUsdPerHour} of ${known.bestUsdPerHour} USD per hour known by construction, ${(known.share * 100).toFixed(1)} %, less than ${least * 100} %`;
  const counterexample = missed
    .map(({ name, foundUsdPerHour, bestUsdPerHour }) => `  ${name}: found ${foundUsdPerHour} of ${bestUsdPerHour}`)
    .join('\n');
  return { known, failures: [...failures, { law: 'known-savings', message, counterexample }] };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
