import type { z } from 'zod';
import { BaseDecisionEngine } from './base-decision-engine.js';
import type { CandidateKind } from './candidate-kind.js';
import type { DecisionContext } from './context.js';
import type { Decision, DecisionRequest, InputName } from './decision.js';
import type { DecisionEngine } from './engine.js';

/** An engine as its author describes it. */
export interface EngineDefinition<S extends z.ZodType, R extends InputName> {
  /** Kebab-case, unique in a registry. */
  readonly id: string;
  readonly version: string;
  readonly contractVersion: 'v1';
  readonly description?: string;
  /** What it judges one by one: each candidate is acted on or named in a rejection. */
  readonly considers: readonly CandidateKind[];
  /** Inputs that are there for `decide`; without them `analyze` throws InvalidRequest. */
  readonly requires: readonly R[];
  /** Schema of the options. Give every field a default, so that the engine runs without any. */
  readonly options: S;
  /** A pure function of request and context: no clock, no randomness, no I/O. */
  decide(request: DecisionRequest<z.output<S>, R>, context: DecisionContext): Decision | Promise<Decision>;
}

/** Makes an engine of its description; the types of options and inputs in `decide` are inferred. */
export function defineEngine<S extends z.ZodType, const R extends InputName = never>(
  definition: EngineDefinition<S, R>,
): DecisionEngine {
  return new DefinedEngine(definition);
}

class DefinedEngine<S extends z.ZodType, R extends InputName> extends BaseDecisionEngine<z.output<S>, R> {
  readonly id: string;
  readonly version: string;
  override readonly contractVersion: 'v1';
  override readonly description: string;
  readonly considers: readonly CandidateKind[];
  readonly requires: readonly R[];
  readonly options: z.ZodType<z.output<S>>;
  readonly #definition: EngineDefinition<S, R>;

  constructor(definition: EngineDefinition<S, R>) {
    super();
    this.id = definition.id;
    this.version = definition.version;
    // Kept as given, since JavaScript authors may write another version: the registry is what refuses it.
    this.contractVersion = definition.contractVersion;
    this.description = definition.description ?? '';
    this.considers = definition.considers;
    this.requires = definition.requires;
    this.options = definition.options as unknown as z.ZodType<z.output<S>>;
    this.#definition = definition;
  }

  protected override decide(request: DecisionRequest<z.output<S>, R>, context: DecisionContext) {
    return this.#definition.decide(request, context);
  }
}
