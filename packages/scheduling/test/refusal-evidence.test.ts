import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refusalEvidence } from '../../../test-support/refusal-evidence.js';

/** How sources name the code of a refusal. */
const patterns = [
  /refuseAction\(\s*index,\s*entry,\s*'([A-Za-z-]+)'/g,
  /refusePlan\(\s*'([A-Za-z-]+)'/g,
  /\brefuse\(\s*'([A-Za-z-]+)'/g,
  /\bsay\((?:[^'()]*,)?\s*'([A-Za-z-]+)'/g,
  /\bcode: '([A-Za-z-]+)'/g,
];
/** Codes of what makes a plan conditional, and of pods that need no place: nobody is refused for these. */
const noRefusals = new Set([
  'karpenter-decides',
  'node-group-limits-unknown',
  'nodepool-effect-unknown',
  'nodepool-unknown',
  'prices-unknown',
  'rollout-unknown',
  'daemon-set-pod',
  'terminal-pod',
]);

describe('what shows that a refusal is right', () => {
  it('is written down for every code that the sources name, and for no other', () => {
    const source = fileURLToPath(new URL('../src', import.meta.url));
    const codes = new Set<string>();
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      // Why a lower bound does not hold is no refusal of a plan.
      if (!file.endsWith('.ts') || file.startsWith('bound/')) continue;
      const text = readFileSync(`${source}/${file}`, 'utf8');
      for (const pattern of patterns) for (const [, code] of text.matchAll(pattern)) codes.add(code as string);
    }
    const refusals = [...codes].filter((code) => !noRefusals.has(code)).sort();
    expect(refusals).toEqual(Object.keys(refusalEvidence).sort());
  });
});
