import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Aborted, createContext, defineEngine, WorkLimitReached } from '../src/index.js';
import { now } from './fixtures/small-cluster.js';

describe('spend', () => {
  it('counts units and stops before the limit is passed', async () => {
    const context = createContext({ now, workLimit: 10 });
    await context.spend(6);
    await expect(context.spend(5)).rejects.toSatisfy(WorkLimitReached.isInstance);
    await context.spend(4);
    expect(context.spentUnits).toBe(10);
  });

  it('throws at the next call once the signal has fired, with its reason as the cause', async () => {
    const controller = new AbortController();
    const context = createContext({ now, signal: controller.signal });
    await context.spend(1);
    controller.abort('closing time');
    await expect(context.spend(1)).rejects.toMatchObject({ code: 'aborted', cause: 'closing time' });
    expect(context.spentUnits).toBe(1);
  });

  it('lets timers run, so that an abort can arrive in the middle of a long search', async () => {
    const controller = new AbortController();
    const context = createContext({ now, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    const search = async () => {
      for (;;) await context.spend(1);
    };
    await expect(search()).rejects.toSatisfy(Aborted.isInstance);
  });

  it.each([-1, Number.NaN])('refuses %d units', async (units) => {
    await expect(createContext({ now }).spend(units)).rejects.toThrow(RangeError);
  });
});

describe('analyze', () => {
  const searcher = defineEngine({
    id: 'searcher',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: [],
    requires: [],
    options: z.object({ keepsBest: z.boolean().default(false) }),
    async decide({ options }, context) {
      try {
        for (let step = 0; step < 100; step++) await context.spend(1);
      } catch (error) {
        if (!(options.keepsBest && WorkLimitReached.isInstance(error))) throw error;
        return { groups: [], rejections: [], truncated: true };
      }
      return { groups: [], rejections: [] };
    },
  });

  it('passes abort and limit on, and never asks once aborted', async () => {
    const aborted = createContext({ now, signal: AbortSignal.abort() });
    await expect(searcher.analyze({}, aborted)).rejects.toSatisfy(Aborted.isInstance);
    expect(aborted.spentUnits).toBe(0);
    const limited = createContext({ now, workLimit: 7 });
    await expect(searcher.analyze({}, limited)).rejects.toSatisfy(WorkLimitReached.isInstance);
  });

  it('returns what an engine found before the limit, marked truncated, with the units it spent alone', async () => {
    const context = createContext({ now, workLimit: 7 });
    await context.spend(2);
    const { plan, spentUnits } = await searcher.analyze({ options: { keepsBest: true } }, context);
    expect([plan.truncated, spentUnits]).toEqual([true, 5]);
  });
});
