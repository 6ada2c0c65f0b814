import type { z } from 'zod';
import { inputSchemas, issuesIn } from './check-value.js';
import type { DecisionRequest, InputName } from './decision.js';
import type { AnalyzeRequest } from './engine.js';
import { ContractMismatch } from './errors/contract-mismatch.js';
import { InvalidRequest } from './errors/invalid-request.js';
import type { Issue } from './errors/issue.js';
import { plainJson } from './plain-json.js';
import { issuesOf } from './schemas/issues-of.js';
import { policySchema } from './schemas/policy.js';

/** What is known of the engine that will read the request. */
interface Reader<O, R extends InputName> {
  readonly id: string;
  readonly requires: readonly R[];
  readonly options: z.ZodType<O>;
}

const inputNames = ['cluster', 'market', 'usage'] as const satisfies readonly InputName[];

const remedies: Readonly<Record<InputName, string>> = {
  cluster: 'pass a ClusterState as request.cluster, for example from fromKubernetes of @cloudoptim/snapshot.',
  market: 'pass a Market as request.market, with the offerings and their prices.',
  usage: 'pass a UsageHistory as request.usage, with what the containers used.',
};

/**
 * Checks and completes what a host sent: policy over its defaults, options through the engine's schema, and all inputs,
 * each once. What an engine's options become must survive JSON, since plans are identified by it. Throws InvalidRequest, or ContractMismatch when the host speaks another version.
 */
export function parseRequest<O, R extends InputName>(
  engine: Reader<O, R>,
  request: AnalyzeRequest,
): DecisionRequest<O, R> {
  const who = `Request to engine ${engine.id}`;
  if (request.contractVersion !== undefined && request.contractVersion !== 'v1') {
    throw new ContractMismatch(who, request.contractVersion);
  }
  const policy = policySchema().safeParse(request.policy ?? {});
  const options = engine.options.safeParse(request.options ?? {});
  const memory = plainJson(request.memory ?? null, 'memory');
  const issues: Issue[] = [
    ...inputIssues(engine.requires, request),
    ...(policy.success ? [] : issuesOf(policy.error, 'policy', request.policy)),
    ...(options.success ? [] : issuesOf(options.error, 'options', request.options ?? {})),
    ...(options.success ? plainJson(options.data, 'options').issues : []),
    ...memory.issues,
  ];
  if (issues.length > 0 || !policy.success || !options.success) throw new InvalidRequest(who, issues);
  const { cluster, market, usage } = request;
  return {
    contractVersion: 'v1',
    policy: policy.data,
    options: options.data,
    ...(request.memory === undefined ? {} : { memory: memory.value }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(market === undefined ? {} : { market }),
    ...(usage === undefined ? {} : { usage }),
  } as DecisionRequest<O, R>;
}

function inputIssues(requires: readonly InputName[], request: AnalyzeRequest): Issue[] {
  return inputNames.flatMap((input) => {
    if (request[input] !== undefined) return issuesIn(inputSchemas[input], input, request[input], input);
    return requires.includes(input) ? [{ path: input, message: `is missing; ${remedies[input]}` }] : [];
  });
}
