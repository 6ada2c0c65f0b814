import type { Plan } from '@cloudoptim/core';

/** A seed for checking a plan: with the engine's own, the scheduler would break its ties just as the engine has seen it do. */
export function freshSeed({ seed }: Plan): number {
  return seed + 1;
}
