import { createContext, hoursPerMonth, parsePlan } from '@cloudoptim/core';
import { verifyPlan } from '@cloudoptim/scheduling';
import type { AnalysisDocument } from '../document/analysis-document.js';
import { legendOf } from '../document/legend.js';
import { usedOfferings } from '../document/used-offerings.js';
import { loadEngine } from '../engines/load-engine.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { EngineOption } from '../input/engine-options.js';
import { readPolicy } from '../input/policy-file.js';
import { readState } from '../input/read-state.js';
import type { Io } from '../io.js';
import { karpenterManifests } from '../karpenter/manifests.js';
import { marketFromCatalog, marketRequest } from '../market/market-from-catalog.js';
import { unpricedNodes } from '../market/unpriced-nodes.js';
import { readPrices } from '../prices/read-prices.js';
import { createProgress } from '../progress.js';
import { analysisBlocks } from '../render/analysis-blocks.js';
import { displayText } from '../render/display-text.js';
import { dollars, perMonth } from '../render/money.js';
import { ownVersion } from '../version.js';
import { freshSeed } from './fresh-seed.js';
import { type OutputFormat, printDocument } from './print-document.js';
import type { SourceOptions } from './source-options.js';
import { verdictCode } from './verdict-code.js';

export interface AnalyzeOptions extends SourceOptions {
  readonly output: OutputFormat | 'karpenter';
  readonly engine: string;
  readonly option?: readonly EngineOption[];
  readonly policy?: string;
  readonly prices?: string;
  readonly region?: string;
  readonly now?: number;
  readonly seed: number;
  readonly workLimit?: number;
  /** USD a month. */
  readonly failAbove?: number;
}

/** Reads a cluster, lets an engine plan, verifies the plan and prints all of it. Changes nothing. */
export async function analyze(options: AnalyzeOptions, io: Io): Promise<ExitCode> {
  // What the user wrote is read first: a typo must not cost the minutes that reading a cluster takes.
  const policy = await readPolicy(options.policy, options.namespace ?? [], io.cwd);
  const prices = options.prices === undefined ? [] : await readPrices(options.prices, io.cwd);
  const engine = await loadEngine(options.engine, io.cwd, (file) =>
    io.stderr.write(`cloudoptim: running the code of ${displayText(file)}\n`),
  );

  const progress = createProgress(io);
  try {
    const { state, facts } = await readState(options, io, progress);
    const request = marketRequest(state, {
      ...(options.region === undefined ? {} : { region: options.region }),
      prices,
    });
    const market = marketFromCatalog(request);
    const now = options.now ?? (options.snapshot === undefined ? io.nowMs() : state.takenAtMs);

    progress.say(`engine ${engine.id} is looking for a plan`);
    const context = createContext({
      now,
      seed: options.seed,
      signal: io.signal,
      ...(options.workLimit === undefined ? {} : { workLimit: options.workLimit }),
      onProgress: ({ share, message }) => progress.say(`${Math.floor(share * 100)} % ${message}`),
    });
    const engineOptions = Object.fromEntries([
      // A plan that is printed as NodePools is made of them.
      ...(options.output === 'karpenter' ? [['emit', 'nodepools'] as const] : []),
      ...(options.option ?? []),
    ]);
    const response = await engine.analyze(
      { contractVersion: 'v1', policy, options: engineOptions, cluster: state, market },
      context,
    );
    const plan = parsePlan(response.plan, `The plan of engine ${engine.id}`);

    progress.say('verifying the plan');
    const verification = verifyPlan(state, market, policy, plan, { now, seed: freshSeed(plan) });
    const document: AnalysisDocument = {
      schema: 'cloudoptim-analysis/v1',
      cloudoptim: ownVersion(),
      snapshot: facts,
      plan,
      policy,
      prices: {
        ...(request.region === undefined ? {} : { region: request.region }),
        zones: request.zones,
        instanceTypes: request.instanceTypes,
        own: prices,
        used: usedOfferings(state, market, plan),
        unpriced: unpricedNodes(state.nodes, market),
      },
      verification,
      legend: legendOf(state, market, plan),
    };
    progress.done();
    if (options.output === 'karpenter') await io.stdout.write(await karpenterManifests(document, options.output));
    else await printDocument(document, options.output, (now) => analysisBlocks(document, now), io);
    return await exitCodeOf(document, options.failAbove, io);
  } finally {
    progress.done();
  }
}

async function exitCodeOf(
  { plan, verification }: AnalysisDocument,
  failAbove: number | undefined,
  io: Io,
): Promise<ExitCode> {
  const savings = plan.savingsUsdPerHour.point;
  if (failAbove !== undefined && savings * hoursPerMonth > failAbove) {
    await io.stderr.write(
      `cloudoptim: the plan would save ${perMonth(savings)}, more than --fail-above ${dollars(failAbove, 2)}\n`,
    );
    return exitCode.refused;
  }
  return verdictCode(verification);
}
