import fc from 'fast-check';
import { beforeEach, expect } from 'vitest';

/**
 * Set-up of the laws' tests: says every half minute which law is at work and how many cases it has tried, since 100,000
 * cases take minutes and a silent run looks like one that hangs.
 */

const everyMs = 30_000;

let cases = 0;
let startedAt = 0;
let lastSaidAt = 0;

beforeEach(() => {
  cases = 0;
  startedAt = performance.now();
  lastSaidAt = startedAt;
});

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  // Runs before each case of every property; fast-check takes this one for asynchronous properties as well.
  beforeEach: () => {
    cases++;
    const now = performance.now();
    if (now - lastSaidAt < everyMs) return;
    lastSaidAt = now;
    const seconds = Math.round((now - startedAt) / 1000);
    process.stderr.write(`laws: ${cases.toLocaleString('en')} cases in ${seconds} s: ${whichLaw()}\n`);
  },
});

function whichLaw(): string {
  const { testPath = '', currentTestName = '' } = expect.getState();
  return `${testPath.replace(/^.*\/packages\//, '')} > ${currentTestName}`;
}
