import type { DecisionEngine } from '@cloudoptim/core';
import { type ConformanceOptions, checkEngineConformance } from './check-engine.js';
import { type ConformanceReport, formatFailure, formatReport } from './report.js';

/** What is used of a test runner: vitest, jest, node:test, mocha and bun all have it. */
export interface TestApi {
  /** Called once, with a function that calls `it`; not awaited. */
  describe(name: string, body: () => void): unknown;
  /** Called with an async body and a timeout in milliseconds, which runners without a third parameter ignore. */
  it(name: string, body: () => Promise<void>, timeoutMs?: number): unknown;
}

export interface DescribeConformanceOptions extends ConformanceOptions {
  readonly engine: DecisionEngine;
  /** `describe` and `it` of the test runner; default those among the globals. */
  readonly test?: TestApi;
  /** Where the report's line goes; default `console.log`. */
  readonly print?: (line: string) => void;
  /** For each test; default ten minutes. */
  readonly timeoutMs?: number;
}

/**
 * Declares the conformance tests of an engine in whichever test runner is at hand: one for the laws on generated cases, one for
 * the fixtures when it considers nodes. Prints one line with seed and figures. Throws when no runner is found.
 */
export function describeEngineConformance(options: DescribeConformanceOptions): void {
  const { engine, test = globalTestApi(), print = console.log, timeoutMs = 600_000, ...conformance } = options;
  test.describe(`conformance of engine ${engine.id}`, () => {
    let report: Promise<ConformanceReport> | undefined;
    // Runners may run single tests: whichever comes first does the work.
    const checked = () => {
      report ??= checkEngineConformance(engine, conformance).then((done) => {
        print(formatReport(done));
        return done;
      });
      return report;
    };
    const runs = conformance.runs ?? 100;
    test.it(
      `keeps every law on ${runs} generated cases`,
      async () => failOn(await checked(), ({ replay }) => replay !== undefined),
      timeoutMs,
    );
    if (conformance.fixtures === false || !engine.considers.includes('nodes')) return;
    const least = Math.round((conformance.knownSavings ?? 0.9) * 100);
    test.it(
      `finds at least ${least} % of the savings known by construction`,
      async () => failOn(await checked(), ({ replay }) => replay === undefined),
      timeoutMs,
    );
  });
}

function failOn(
  report: ConformanceReport,
  concerns: (failure: ConformanceReport['failures'][number]) => boolean,
): void {
  const failures = report.failures.filter(concerns);
  if (failures.length === 0) return;
  throw new Error(failures.map((failure) => formatFailure(failure, 'engine')).join('\n\n'));
}

function globalTestApi(): TestApi {
  const { describe, it } = globalThis as Partial<TestApi>;
  if (typeof describe === 'function' && typeof it === 'function') return { describe, it };
  throw new Error(
    'describeEngineConformance finds no describe and it among the globals: pass those of your test runner, as in ' +
      "`import { describe, it } from 'vitest'` and `describeEngineConformance({ engine, test: { describe, it } })`.",
  );
}
