import type { DecisionEngine } from '@cloudoptim/core';
import type { LawName } from '../../src/laws/all-laws.js';

/** An engine with one bug, and the laws that may find it: one of them has to. */
export interface Mutant {
  readonly engine: DecisionEngine;
  readonly caughtBy: readonly LawName[];
}
