import { defaultPolicy, type LowerBoundCertificate, type Plan } from '@cloudoptim/core';
import { describe, expect, test } from 'vitest';
import { documentsOf } from '../../../test-support/small-packing.js';
import { boundCertificate, boundProblem, checkLowerBound, dualBound } from '../src/index.js';
import { planOf } from './support/plan.js';

const room = { cpu: 8, memory: 16, pods: 20, arch: 'amd64', zone: 'us-east-1a' } as const;
/** Four pods of two cores on a node for $0.40; an equal node can be bought for as much, so that nothing is to be saved. */
const { state, market } = documentsOf({
  pods: Array.from({ length: 4 }, () => ({ cpu: 2, memory: 1, on: 0 })),
  offers: [{ ...room, price: 0.4 }],
  nodes: [{ ...room, price: 0.4 }],
});
const scope = { pendingPods: false };
const problem = boundProblem(state, market, defaultPolicy, scope);

/** A core costs a twentieth of a dollar everywhere: eight cores are asked for, so $0.40 is the least. */
const perCore = 0.05;
const prices = {
  classes: problem.classes.map(({ needs }) => ((needs[0] as number) / 1000) * perCore),
  columns: problem.columns.flatMap(() => problem.rows.map((row) => (row === 'cpu' ? perCore / 1000 : 0))),
};
const certificate: LowerBoundCertificate = boundCertificate(problem, scope, prices, 0.399999);
const check = (subject: LowerBoundCertificate | Plan) => checkLowerBound(state, market, defaultPolicy, subject);
const withBound = (plan: Plan, change: Partial<Plan> = {}): Plan => ({ ...plan, lowerBound: certificate, ...change });

describe('checkLowerBound', () => {
  test('accepts what the prices prove', () => {
    expect(check(certificate)).toEqual({ holds: true, usdPerHour: 0.399999 });
    expect(check(withBound(planOf(state, [])))).toMatchObject({ holds: false });
    const asItIs = { point: 0.4, lower: 0.4, upper: 0.4, confidence: 1, basis: 'prices of the market' };
    expect(check(withBound(planOf(state, []), { projectedUsdPerHour: asItIs }))).toMatchObject({ holds: true });
  });

  test.each<[string, Partial<LowerBoundCertificate>, string]>([
    ['claims more than that', { usdPerHour: 0.41 }, 'bound-not-proven'],
    ['is of another method', { method: 'by-feel' }, 'unknown-bound-method'],
    ['is not a number', { usdPerHour: Number.NaN }, 'bound-not-finite'],
    ['has a negative price', { dualPrices: { ...certificate.dualPrices, 'class 0': -1 } }, 'bound-not-finite'],
    ['has a price that is not a number', { dualPrices: { 'class 0': Number.NaN } }, 'bound-not-finite'],
    ['has lost its prices', { dualPrices: {} }, 'bound-not-proven'],
    ['has a cut', { cuts: [{ kind: 'trust-me', dualPrice: 1, payload: null }] }, 'unknown-bound-cut'],
    ['counts nodes of another time', { counts: { pendingPods: false, keptNodesAtMs: 1 } }, 'bound-of-another-time'],
  ])('refuses a certificate that %s', (_, change, code) => {
    expect(check({ ...certificate, ...change })).toMatchObject({ holds: false, reasons: [{ code }] });
  });

  test('refuses a certificate whose class prices were raised, however little it claims more', () => {
    const raised = Object.fromEntries(
      Object.entries(certificate.dualPrices).map(([name, price]) => [
        name,
        name.startsWith('class') ? price * 2 : price,
      ]),
    );
    expect(check({ ...certificate, usdPerHour: 0.400001, dualPrices: raised })).toMatchObject({ holds: false });
  });

  test('refuses it for a market in which the node is cheaper', () => {
    const cheaper = {
      ...market,
      offerings: market.offerings.map((offering) => ({ ...offering, priceUsdPerHour: 0.3 })),
    };
    expect(checkLowerBound(state, cheaper, defaultPolicy, certificate)).toMatchObject({
      reasons: [{ code: 'bound-not-proven' }],
    });
  });

  test('keeps an offering without limit beside a cheaper one of which there is one only', () => {
    const pods = Array.from({ length: 3 }, () => ({ cpu: 8, memory: 1 }));
    const offers = [
      { ...room, price: 0.1, supply: 1 },
      { ...room, price: 0.3 },
    ];
    const scarce = documentsOf({ pods, offers, nodes: [] });
    const all = { pendingPods: true };
    const asked = boundProblem(scarce.state, scarce.market, defaultPolicy, all);
    const dear = {
      classes: asked.classes.map(() => 10),
      columns: asked.columns.flatMap(() => asked.rows.map(() => 0)),
    };
    // 0.1 for the first and 0.3 for each of the others; without the second offering these prices would "prove" $20.
    expect(dualBound(asked, dear)).toBeLessThanOrEqual(0.7);
  });

  test('says that a plan has no certificate', () => {
    expect(check(planOf(state, []))).toMatchObject({ reasons: [{ code: 'no-lower-bound' }] });
  });

  test('says when a plan costs less than the bound, or changes what the bound takes as given', () => {
    const cheap = { point: 0.1, lower: 0.1, upper: 0.1, confidence: 1, basis: 'prices of the market' };
    expect(check(withBound(planOf(state, []), { projectedUsdPerHour: cheap }))).toMatchObject({
      reasons: [{ code: 'bound-above-plan' }],
    });
    const labels = planOf(state, [[{ kind: 'label-node', node: { uid: 'uid-node-0' }, labels: { disk: 'ssd' } }]]);
    expect(check(withBound(labels))).toMatchObject({ reasons: [{ code: 'bound-of-another-question' }] });
  });

  test('looks past a NodePool that is changed for a while and put back, and at no other', () => {
    const narrowed = { spec: { weight: 10 } };
    const today = { spec: { weight: null } };
    const change = { kind: 'configure-nodepool', nodePool: 'general', patch: narrowed, prior: today } as const;
    const back = { ...change, patch: today, prior: narrowed };
    const refused = { reasons: [{ code: 'bound-of-another-question' }] };
    expect(check(withBound(planOf(state, [[change]])))).toMatchObject(refused);
    expect(check(withBound(planOf(state, [[change], [back]])))).not.toMatchObject(refused);
  });
});
