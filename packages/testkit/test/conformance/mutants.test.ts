import { describe, expect, it, vi } from 'vitest';
import { checkEngineConformance, formatReport } from '../../src/index.js';
import { authorMutants } from '../mutants/author-mutants.js';
import { blindMutants } from '../mutants/blind-mutants.js';
import { hostMutants } from '../mutants/host-mutants.js';
import type { Mutant } from '../mutants/mutant.js';
import { createReferenceEngine } from '../mutants/reference-engine.js';

// Hundreds of analyses a test, each verified: seconds on a quiet machine, minutes on one that has other work to do.
vi.setConfig({ testTimeout: 300_000 });

/** The law that fixtures or generated cases find broken, whichever of the two this bug shows in. */
async function lawBrokenBy({ engine, caughtBy, byFixtures = false, seed = 5 }: Mutant): Promise<string | undefined> {
  const fixtures = byFixtures || caughtBy.includes('known-savings');
  const runs = fixtures ? 1 : 400;
  const report = await checkEngineConformance(engine, { runs, seed, shrink: false, fixtures });
  const laws = report.failures.map(({ law }) => law);
  return laws.find((law) => caughtBy.includes(law)) ?? laws[0];
}

const broken = (mutants: readonly Mutant[]) => mutants.map((mutant) => ({ ...mutant, id: mutant.engine.id }));

describe('an engine with one bug is caught', () => {
  it.each(broken(blindMutants))('$id, which does not see a rule', async (mutant) => {
    expect(mutant.caughtBy).toContain(await lawBrokenBy(mutant));
  });

  it.each(broken(authorMutants))('$id, as its author wrote it', async (mutant) => {
    expect(mutant.caughtBy).toContain(await lawBrokenBy(mutant));
  });

  it.each(broken(hostMutants))('$id, which core does not seal', async (mutant) => {
    expect(mutant.caughtBy).toContain(await lawBrokenBy(mutant));
  });
});

describe('an engine without a bug is not caught', () => {
  it('the reference keeps every law and finds all known savings', async () => {
    const report = await checkEngineConformance(createReferenceEngine('reference'), { runs: 60, seed: 5 });
    expect(report.failures, formatReport(report)).toStrictEqual([]);
    expect(report.knownSavings?.share).toBe(1);
    // Most cases must have something to do, or the laws were proven on nothing.
    expect(report.nonEmptyShare).toBeGreaterThan(0.4);
  });
});
