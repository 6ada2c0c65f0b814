import type { z } from 'zod';
import type { DecisionRequest, InputName } from './decision.js';
import type { AnalyzeRequest } from './engine.js';
import { ContractMismatch } from './errors/contract-mismatch.js';
import { InvalidRequest } from './errors/invalid-request.js';
import type { Issue } from './errors/issue.js';
import { mergePolicy } from './merge-policy.js';

/** What is known of the engine that will read the request. */
interface Reader<O, R extends InputName> {
  readonly id: string;
  readonly requires: readonly R[];
  readonly options: z.ZodType<O>;
}

const remedies: Readonly<Record<InputName, string>> = {
  cluster: 'pass a ClusterState as request.cluster, for example from fromKubernetes of @cloudoptim/snapshot.',
  market: 'pass a Market as request.market, with the offerings and their prices.',
  usage: 'pass a UsageHistory as request.usage, with what the containers used.',
};

/**
 * Checks and completes what a host sent: policy over its defaults, options through the engine's schema, and the inputs that
 * the engine requires. Throws InvalidRequest, or ContractMismatch when the host speaks another version.
 */
export function parseRequest<O, R extends InputName>(
  engine: Reader<O, R>,
  request: AnalyzeRequest,
): DecisionRequest<O, R> {
  const who = `Request to engine ${engine.id}`;
  if (request.contractVersion !== undefined && request.contractVersion !== 'v1') {
    throw new ContractMismatch(who, request.contractVersion);
  }
  const issues: Issue[] = [];
  for (const input of engine.requires) {
    if (request[input] === undefined) issues.push({ path: input, message: `it is missing; ${remedies[input]}` });
  }
  if (issues.length > 0) throw new InvalidRequest(who, issues);
  const options = engine.options.safeParse(request.options ?? {});
  if (!options.success) {
    throw new InvalidRequest(
      who,
      options.error.issues.map((issue) => ({ path: ['options', ...issue.path].join('.'), message: issue.message })),
    );
  }
  const { cluster, market, usage, memory } = request;
  return {
    contractVersion: 'v1',
    policy: mergePolicy(request.policy),
    options: options.data,
    ...(memory === undefined ? {} : { memory }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(market === undefined ? {} : { market }),
    ...(usage === undefined ? {} : { usage }),
  } as DecisionRequest<O, R>;
}
