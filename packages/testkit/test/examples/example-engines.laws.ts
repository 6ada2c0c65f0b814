import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../../test-support/laws.js';
import { describeEngineConformance, exampleEngines } from '../../src/index.js';

const { numRuns: runs, seed } = lawParameters(100);
const options: Readonly<Record<string, { readonly namespaces: readonly string[] }>> = {
  'example-office-hours': { namespaces: ['default', 'team-a', 'kube-system'] },
};

for (const engine of exampleEngines) {
  describeEngineConformance({
    engine,
    runs,
    seed,
    ...(options[engine.id] && { options: options[engine.id] }),
    // It only removes nodes; three of the fixtures ask for a replacement.
    knownSavings: 0.8,
    test: { describe, it },
  });
}

describe('example engines', () => {
  it('have one of each shape', () => {
    expect(exampleEngines.map(({ considers }) => considers)).toStrictEqual([
      ['nodes'],
      ['pools'],
      ['containers'],
      ['replicas'],
    ]);
  });
});
