import { beforeAll, describe, expect, it } from 'vitest';
import type { BenchResult } from '../../benchmarks/bench.js';
import { hasAssets } from '../rig/assets.js';
import { probesInCi, runDifferential } from './differential.js';

/** The same seed asks the same of kube-scheduler; another one may be given to look elsewhere. */
const seed = Number(process.env.CLOUDOPTIM_DIFFERENTIAL_SEED ?? 1);
const probes = Number(process.env.CLOUDOPTIM_DIFFERENTIAL_PROBES ?? probesInCi);

describe.runIf(hasAssets)(`our filters against kube-scheduler, ${probes} probes, seed ${seed}`, () => {
  let result: BenchResult;
  beforeAll(async () => {
    result = await runDifferential({ seed, probes, enough: 20, log: (line) => console.log(line) });
  }, 3_600_000);

  const find = (what: RegExp) => {
    const checks = result.checks.filter((one) => what.test(one.what));
    expect(checks).not.toEqual([]);
    return checks.filter(({ met }) => !met);
  };

  it('agree with it, plain and fast, about every node and every reason', () => {
    expect(find(/differences (of|from)/)).toEqual([]);
  });
  it('were asked what tells something', () => {
    expect(find(/did not repeat|^(filter|volume): .*(feasible, %|refused, %)/)).toEqual([]);
  });
  it('had every clause decide, both ways where it can', () => {
    expect(find(/clauses/)).toEqual([]);
  });
  it('would have been caught with nearly any mistake in them', () => {
    expect(find(/mutants/)).toEqual([]);
  });
  it('let no pod be preempted by one that may not', () => {
    expect(find(/that went for/)).toEqual([]);
  });
});
