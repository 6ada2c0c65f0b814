import type { DecisionEngine } from '@cloudoptim/core';

/** An engine that comes with the command. Loaded only when used. */
export interface BuiltinEngine {
  readonly id: string;
  readonly packageName: string;
  load(): Promise<DecisionEngine>;
}

export const builtinEngines: readonly BuiltinEngine[] = [
  {
    id: 'binpack',
    packageName: '@cloudoptim/engine-binpack',
    async load() {
      const { BinpackEngine } = await import('@cloudoptim/engine-binpack');
      return new BinpackEngine();
    },
  },
];

export const defaultEngine = 'binpack';
