import { verifyPlan } from '@cloudoptim/scheduling';
import { readAnalysis } from '../document/read-analysis.js';
import { withOfferings } from '../document/used-offerings.js';
import type { ExitCode } from '../exit-code.js';
import { readState } from '../input/read-state.js';
import type { Io } from '../io.js';
import { marketFromCatalog } from '../market/market-from-catalog.js';
import { createProgress } from '../progress.js';
import { type Block, type Text, toned } from '../render/block.js';
import { counted, instant, perHour, perMonth, roughDuration } from '../render/money.js';
import { verdictText, verificationBlocks } from '../render/verification-blocks.js';
import { UserError } from '../user-error.js';
import { freshSeed } from './fresh-seed.js';
import { type OutputFormat, printDocument } from './print-document.js';
import type { SourceOptions } from './source-options.js';
import { verdictCode } from './verdict-code.js';

export interface VerifyOptions extends SourceOptions {
  readonly plan: string;
  readonly now?: number;
  readonly seed?: number;
  readonly draws?: number;
  readonly output: OutputFormat;
}

/**
 * Checks a plan on a cluster with the code of the scheduling package alone: the engine that made it has no say. The market is
 * built again from the catalogue and from the prices in the plan file.
 */
export async function verify(options: VerifyOptions, io: Io): Promise<ExitCode> {
  if (options.plan === '-' && options.snapshot === '-') {
    throw new UserError(
      'The plan and the snapshot cannot both come from the standard input; name a file for one of them.',
    );
  }
  const document = await readAnalysis(options.plan, io);
  const progress = createProgress(io);
  try {
    const { state } = await readState(options, io, progress);
    const { plan, policy, prices } = document;
    const market = withOfferings(
      marketFromCatalog({
        zones: prices.zones,
        instanceTypes: prices.instanceTypes,
        ...(prices.region === undefined ? {} : { region: prices.region }),
        prices: prices.own,
      }),
      prices.used,
    );
    const now = options.now ?? (options.snapshot === undefined ? io.nowMs() : state.takenAtMs);
    progress.say('verifying the plan');
    const verification = verifyPlan(state, market, policy, plan, {
      now,
      seed: options.seed ?? freshSeed(plan),
      ...(options.draws === undefined ? {} : { draws: options.draws }),
    });
    progress.done();
    const result = {
      schema: 'cloudoptim-verification/v1',
      planId: plan.id,
      checkedAtMs: now,
      validUntilMs: plan.validUntilMs,
      expired: io.nowMs() > plan.validUntilMs,
      verification,
    };
    await printDocument(result, options.output, blocks, io);
    return verdictCode(verification);

    function blocks(nowMs: number): Block[] {
      const { evictions, replays, placements } = verification.checked;
      return [
        {
          kind: 'facts',
          rows: [
            [
              'Plan',
              `${plan.id.slice(0, 12)} by ${plan.engine.id} ${plan.engine.version}, ${counted(plan.groups.length, 'group')}, saves ${perHour(plan.savingsUsdPerHour.point)} ${perMonth(plan.savingsUsdPerHour.point)}`,
            ],
            [
              'Cluster',
              `${counted(state.nodes.length, 'node')}, ${counted(state.pods.count, 'pod')}, seen ${instant(state.takenAtMs)}${plan.clusterId !== undefined && state.clusterId !== undefined && plan.clusterId !== state.clusterId ? '; NOT the cluster that the plan was made for' : ''}`,
            ],
            [
              'Checked',
              `${counted(evictions, 'eviction')}, ${counted(replays, 'replay')}, ${counted(placements, 'placement')}`,
            ],
            ['Valid until', validity(plan.validUntilMs, nowMs)],
            ['Verdict', verdictText(verification)],
          ],
        },
        ...verificationBlocks(verification),
      ];
    }
  } finally {
    progress.done();
  }
}

/** The verdict is about the snapshot's instant; whether it is too late to act is about now. */
function validity(untilMs: number, nowMs: number): Text {
  if (nowMs <= untilMs) return `${instant(untilMs)}, ${roughDuration(untilMs - nowMs)} from now`;
  return toned(
    'warn',
    `${instant(untilMs)}, which passed ${roughDuration(nowMs - untilMs)} ago: make a new plan before acting`,
  );
}
