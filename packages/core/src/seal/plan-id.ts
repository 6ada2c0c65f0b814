import { canonicalJson } from '../canonical-json.js';
import { digestOf, sha256 } from '../digest.js';
import type { SealRequest } from './seal-request.js';

/**
 * A hash of all that a pure decision follows from, so that the same question has the same id and its tasks are issued once. A
 * search that stopped early also follows from its work limit, which nobody else sees: then its result is hashed as well.
 */
export async function planId({ engine, request, decision, context }: SealRequest): Promise<string> {
  const [cluster, market, usage] = await Promise.all(
    [request.cluster, request.market, request.usage].map((input) => input && digestOf(input)),
  );
  return sha256(
    canonicalJson({
      engine: { id: engine.id, version: engine.version },
      options: request.options,
      policy: request.policy,
      cluster,
      market,
      usage,
      memory: request.memory,
      now: context.now,
      seed: context.seed,
      ...(decision.truncated === true ? { truncated: decision.groups } : {}),
    }),
  );
}
