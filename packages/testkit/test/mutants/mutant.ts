import type { DecisionEngine } from '@cloudoptim/core';
import type { LawName } from '../../src/laws/all-laws.js';

/** An engine with one bug, and the laws that may find it: one of them has to. */
export interface Mutant {
  readonly engine: DecisionEngine;
  readonly caughtBy: readonly LawName[];
  /** Its bug shows in the fixtures; otherwise generated cases are what catches it. */
  readonly byFixtures?: boolean;
  /** From which generated cases meet the bug soon. Any seed does, with patience. */
  readonly seed?: number;
}
