import type { Model } from './model.js';

/** What is moved or looked at: nodes of the state, and pods on them that a drain evicts. */
interface Size {
  readonly nodes: number;
  readonly pods: number;
}

/** From so many on a round takes seconds, and later rounds find little. */
const many: Size = { nodes: 300, pods: 5_000 };

/** From so many on there is time for one search, and none to go on from it. */
const veryMany: Size = { nodes: 2_000, pods: 50_000 };

export function areMany(model: Model, candidates: readonly number[]): boolean {
  return isAtLeast(many, model, candidates);
}

export function areVeryMany(model: Model, candidates: readonly number[]): boolean {
  return isAtLeast(veryMany, model, candidates);
}

export function isQuick({ options }: Model): boolean {
  return options.effort === 'quick';
}

function isAtLeast({ nodes, pods }: Size, { evictable }: Model, candidates: readonly number[]): boolean {
  return (
    candidates.length >= nodes || candidates.reduce((sum, node) => sum + (evictable[node]?.length ?? 0), 0) >= pods
  );
}
