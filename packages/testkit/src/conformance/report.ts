import type { LawName } from '../laws/all-laws.js';

/** A broken law with all that is needed to see it again. */
export interface ConformanceFailure {
  readonly law: LawName;
  readonly message: string;
  /** The smallest case found, described for reading. */
  readonly counterexample: string;
  /** Options that repeat exactly this case: `checkEngineConformance(engine, replay)`. Absent for fixtures. */
  readonly replay?: { readonly seed: number; readonly path: string };
}

/** How much of the savings known by construction an engine found. */
export interface KnownSavings {
  readonly foundUsdPerHour: number;
  readonly bestUsdPerHour: number;
  /** Found over best, from 0 to 1. */
  readonly share: number;
  readonly fixtures: readonly {
    readonly name: string;
    readonly foundUsdPerHour: number;
    readonly bestUsdPerHour: number;
  }[];
}

/** What a run of the conformance suite found out. */
export interface ConformanceReport {
  readonly engine: { readonly id: string; readonly version: string };
  readonly passed: boolean;
  readonly seed: number;
  /** Generated cases that were judged. */
  readonly runs: number;
  /** Share of cases with a plan that does something, from 0 to 1. */
  readonly nonEmptyShare: number;
  /** Actions in an average plan that does something. */
  readonly actionsPerPlan: number;
  /** Sum of the savings that all plans claim, and of the bills they start from, in USD per hour. */
  readonly savedUsdPerHour: number;
  readonly currentUsdPerHour: number;
  /** Absent for engines that do not consider nodes, or when fixtures are off. */
  readonly knownSavings?: KnownSavings;
  readonly failures: readonly ConformanceFailure[];
}

/** The report in one line. */
export function formatReport(report: ConformanceReport): string {
  const { engine, runs, seed, savedUsdPerHour, currentUsdPerHour, knownSavings } = report;
  const parts = [
    `${engine.id} ${engine.version}: ${report.passed ? 'conforms' : `breaks ${report.failures.map(({ law }) => law).join(', ')}`}`,
    `${runs} cases, seed ${seed}`,
    `${percent(report.nonEmptyShare)} of plans non-empty`,
    `${report.actionsPerPlan.toFixed(1)} actions a plan`,
    `$${savedUsdPerHour.toFixed(2)} of $${currentUsdPerHour.toFixed(2)} an hour saved`,
  ];
  if (knownSavings !== undefined) parts.push(`${percent(knownSavings.share)} of known savings found`);
  return parts.join(' · ');
}

/** A failure as a test shows it: law, what is wrong, the case, and how to see it again. */
export function formatFailure({ law, message, counterexample, replay }: ConformanceFailure, engine: string): string {
  const again =
    replay === undefined
      ? 'Replay: the case is one of savingsFixtures.'
      : `Replay: await checkEngineConformance(${engine}, { seed: ${replay.seed}, path: '${replay.path}' })`;
  return `Law ${law} is broken: ${message}\n\n${counterexample}\n\n${again}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
