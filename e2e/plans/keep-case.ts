import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveMoment } from './live/observer.js';
import type { KeepCase } from './one-cluster.js';

/** Where differences are kept. */
export const casesFolder = process.env.CLOUDOPTIM_PLAN_CASES || join(tmpdir(), 'cloudoptim-plan-cases');

/**
 * Keeps what is needed to study a difference without a cluster, one JSON file each, in the folder that
 * CLOUDOPTIM_PLAN_CASES names, else in the system's folder for temporary files: state, policy, plan, answer, what the executor did,
 * where pods were before and after, and what befell pods and nodes in between.
 */
export function caseKeeper(folder = casesFolder): KeepCase {
  return (result, { planCase, verification, results, before, after, history }) => {
    const broken = result.verdict === 'verified' && result.troubles.length > 0;
    if (!broken && result.refusals.every(({ outcome }) => outcome !== 'not-shown')) return;
    const { state, policy, plan, seed } = planCase;
    const places = ({ pods }: LiveMoment) =>
      Object.fromEntries(pods.map(({ metadata, spec }) => [metadata.name, spec.nodeName ?? null]));
    const kept = { result, state, policy, plan, seed, verification, results };
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `${result.cluster}-${result.position}.json`),
      JSON.stringify({ ...kept, before: places(before), after: places(after), history: history.lines }),
    );
  };
}
