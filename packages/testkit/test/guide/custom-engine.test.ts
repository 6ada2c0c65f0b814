import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkEngineConformance, describeEngineConformance } from '../../src/index.js';
import { emptyNodes } from './empty-nodes.js';

const guide = readFileSync(new URL('../../../../docs/guide/custom-engine.md', import.meta.url), 'utf8');
const source = readFileSync(new URL('./empty-nodes.ts', import.meta.url), 'utf8');

describe('the guide to writing an engine', () => {
  it('opens with an engine that is tested here, word for word', () => {
    expect(guide).toContain(`\`\`\`ts\n// empty-nodes.ts\n${source}\`\`\``);
  });

  it('keeps its word about the length of that engine', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('is honest about how much that engine finds', async () => {
    const { knownSavings } = await checkEngineConformance(emptyNodes, { runs: 1, seed: 1 });
    expect(knownSavings?.share).toBeGreaterThan(0);
    expect(knownSavings?.share).toBeLessThan(0.1);
  });
});

describeEngineConformance({ engine: emptyNodes, runs: 40, seed: 1, test: { describe, it }, knownSavings: 0 });
