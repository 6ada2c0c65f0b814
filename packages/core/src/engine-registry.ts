import type { DecisionEngine } from './engine.js';
import { ContractMismatch } from './errors/contract-mismatch.js';
import { DuplicateEngine } from './errors/duplicate-engine.js';
import { EngineNotFound } from './errors/engine-not-found.js';

/** The engines of a host, by id. */
export class EngineRegistry {
  readonly #engines = new Map<string, DecisionEngine>();

  /** Adds an engine. Throws DuplicateEngine for an id in use and ContractMismatch for another contract version. */
  register(engine: DecisionEngine): this {
    if (engine.contractVersion !== 'v1') throw new ContractMismatch(`Engine ${engine.id}`, engine.contractVersion);
    if (this.#engines.has(engine.id)) throw new DuplicateEngine(engine.id);
    this.#engines.set(engine.id, engine);
    return this;
  }

  /** The engine of that id. Throws EngineNotFound. */
  get(id: string): DecisionEngine {
    const engine = this.#engines.get(id);
    if (engine === undefined) throw new EngineNotFound(id, [...this.#engines.keys()]);
    return engine;
  }

  has(id: string): boolean {
    return this.#engines.has(id);
  }

  /** All engines in the order of their registration. */
  list(): readonly DecisionEngine[] {
    return [...this.#engines.values()];
  }
}
