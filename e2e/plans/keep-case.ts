import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveMoment } from './live/observer.js';
import type { KeepCase } from './one-cluster.js';

/**
 * Keeps what is needed to study a difference without a cluster, one JSON file each, in the folder that
 * CLOUDOPTIM_PLAN_CASES names: state, policy, plan, answer, what the executor did, and where pods were before and after.
 */
export function caseKeeper(folder = process.env.CLOUDOPTIM_PLAN_CASES): KeepCase {
  if (folder === undefined || folder === '') return () => undefined;
  mkdirSync(folder, { recursive: true });
  return (result, { planCase, verification, results, before, after }) => {
    const broken = result.verdict === 'verified' && result.troubles.length > 0;
    if (!broken && result.refusals.every(({ outcome }) => outcome !== 'not-shown')) return;
    const { state, policy, plan, seed } = planCase;
    const places = ({ pods }: LiveMoment) =>
      Object.fromEntries(pods.map(({ metadata, spec }) => [metadata.name, spec.nodeName ?? null]));
    const kept = { result, state, policy, plan, seed, verification, results };
    writeFileSync(
      join(folder, `${result.cluster}-${result.position}.json`),
      JSON.stringify({ ...kept, before: places(before), after: places(after) }),
    );
  };
}
