import type { Market } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { KnownToHold } from '../src/verify/any-order/known-to-hold.js';
import { node, state, template } from './support/build.js';
import { drained, planOf, removalOf } from './support/plan.js';

const a = node('a');
const make = () => state({ nodes: [a, node('b')], podTemplates: [template({})] });
const of = make();
const empty: Market = { schema: 'market/v1', asOfMs: 0, currency: 'USD', offerings: [], instanceTypes: [] };
const plan = planOf(of, [removalOf(a)]);

describe('plans known to hold in all orders', () => {
  it('are those that were remembered, on the same state and market, under the same freeze', () => {
    expect(new KnownToHold(of, undefined, plan, false).isKnown).toBe(false);
    new KnownToHold(of, undefined, plan, false).remember();
    expect(new KnownToHold(of, undefined, { ...plan, id: 'of another seed' }, false).isKnown).toBe(true);
    expect(new KnownToHold(make(), undefined, plan, false).isKnown).toBe(false);
    expect(new KnownToHold(of, { ...empty }, plan, false).isKnown).toBe(false);
    expect(new KnownToHold(of, undefined, plan, true).isKnown).toBe(false);
  });

  it('are not other groups, and not the same with more of them in flight', () => {
    new KnownToHold(of, undefined, plan, false).remember();
    const others = planOf(of, [removalOf(a, [drained(0, 1)])]);
    expect(new KnownToHold(of, undefined, { ...plan, groups: others.groups }, false).isKnown).toBe(false);
    const inFlight = plan.maxGroupsInFlight + 1;
    expect(new KnownToHold(of, undefined, { ...plan, maxGroupsInFlight: inFlight }, false).isKnown).toBe(false);
  });

  it('are forgotten, oldest first, once there are many', () => {
    const own = make();
    const known = (at: number) => new KnownToHold(own, undefined, { ...plan, maxGroupsInFlight: at }, false);
    for (let at = 1; at <= 65; at++) known(at).remember();
    expect([known(1), known(2), known(65)].map(({ isKnown }) => isKnown)).toEqual([false, true, true]);
  });
});
