import type { z } from 'zod';
import type { CandidateKind } from './candidate-kind.js';
import type { DecisionContext } from './context.js';
import type { Decision, DecisionRequest, DecisionResponse, InputName } from './decision.js';
import type { AnalyzeRequest, DecisionEngine } from './engine.js';
import { Aborted } from './errors/aborted.js';
import { frozenDecision } from './frozen-decision.js';
import type { JsonValue } from './json.js';
import { toJsonSchema } from './json-schemas.js';
import { checkedMemory } from './memory.js';
import { meteredContext } from './metered-context.js';
import { parseRequest } from './parse-request.js';
import { sealPlan } from './seal/seal-plan.js';

/**
 * What every engine shares: parse, decide, seal, check. Authors write `decide`, most of them through `defineEngine`, which
 * infers its types; hosts call `analyze`. `O` is what the options' schema returns, `R` the inputs that must be there.
 */
export abstract class BaseDecisionEngine<O = unknown, R extends InputName = never> implements DecisionEngine {
  abstract readonly id: string;
  abstract readonly version: string;
  readonly contractVersion = 'v1';
  /** A sentence for menus and reports. */
  readonly description: string = '';
  abstract readonly considers: readonly CandidateKind[];
  abstract readonly requires: readonly R[];
  /** Schema of the options. Give every field a default, so that an engine runs without any. */
  abstract readonly options: z.ZodType<O>;

  /** A pure function of request and context: no clock, no randomness, no I/O. The request has been parsed. */
  protected abstract decide(request: DecisionRequest<O, R>, context: DecisionContext): Decision | Promise<Decision>;

  optionsJsonSchema(): JsonValue {
    return toJsonSchema(this.options);
  }

  async analyze(request: AnalyzeRequest, context: DecisionContext): Promise<DecisionResponse> {
    const parsed = parseRequest<O, R>(this, request);
    if (context.signal.aborted) throw new Aborted(context.signal.reason);
    const metered = meteredContext(context);
    const decision = parsed.policy.freeze ? frozenDecision(this.considers, parsed) : await this.decide(parsed, metered);
    const memory = checkedMemory(this.id, decision.memory);
    const plan = await sealPlan({ engine: this, request: parsed, decision, context });
    return {
      contractVersion: 'v1',
      plan,
      ...(memory === undefined ? {} : { memory }),
      spentUnits: metered.spentUnits,
    };
  }
}
