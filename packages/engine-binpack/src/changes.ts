import { offeringKey } from '@cloudoptim/core';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';

/** Nodes of the state that go together, and what is launched in their place. */
export interface Step {
  readonly remove: readonly number[];
  readonly launches: readonly Launchable[];
  /** How many of the launches were added because the step did not hold without. */
  readonly added?: number;
}

/** Equal for steps that remove the same nodes and launch the same in their place. */
export function stepKey({ remove, launches }: Step): string {
  return `${remove.join(',')}|${launches.map(({ offerings }) => offeringKey(offerings[0].offering)).join(',')}`;
}

interface Exchange {
  readonly remove: readonly number[];
  /** Nodes of the working cluster, as far as they still stand. */
  readonly launched: Set<number>;
}

/**
 * What a search did to the working cluster, as steps about nodes of the state: a launched node that is removed or replaced in
 * its turn takes its step with it, since the cluster never sees it.
 */
export class Changes {
  readonly #model: Model;
  readonly #removals: number[] = [];
  readonly #exchanges = new Map<number, Exchange>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Nodes of the working cluster went, and launched ones came in their place. */
  record(nodes: readonly number[], launched: readonly number[]): void {
    const remove: number[] = [];
    const standing = new Set(launched);
    for (const node of nodes) {
      const exchange = this.#exchanges.get(node);
      if (exchange === undefined) {
        if (node < this.#model.state.nodes.length) remove.push(node);
        continue;
      }
      exchange.launched.delete(node);
      this.#exchanges.delete(node);
      // A launch that is only taken back leaves the others of its step as they are.
      if (launched.length === 0 && exchange.launched.size > 0) continue;
      remove.push(...exchange.remove);
      for (const other of exchange.launched) standing.add(other);
    }
    // Launched nodes of one step may be among those that go: only what still stands is left in the new one.
    for (const node of nodes) standing.delete(node);
    const exchange: Exchange = { remove: [...new Set(remove)], launched: standing };
    for (const node of standing) this.#exchanges.set(node, exchange);
    if (standing.size === 0) this.#removals.push(...exchange.remove);
  }

  /** Whether the node was launched together with others, in one exchange of several for several. */
  isShared(node: number): boolean {
    return (this.#exchanges.get(node)?.launched.size ?? 0) > 1;
  }

  /** Exchanges first, in order of their first launch, then what went without a replacement. */
  steps(): Step[] {
    const { launches } = this.#model.cluster;
    const exchanges = new Set([...launches.keys()].flatMap((node) => this.#exchanges.get(node) ?? []));
    return [
      ...[...exchanges].map(({ remove, launched }) => ({
        remove,
        launches: [...launched].sort((a, b) => a - b).map((node) => launches.get(node) as Launchable),
      })),
      ...this.#removals.map((node) => ({ remove: [node], launches: [] })),
    ];
  }
}
