import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import {
  type Action,
  type Decision,
  type Draft,
  type DraftGroup,
  defaultPolicy,
  fromNanoUsd,
  type Node,
  type NodeRef,
  type Offering,
  type Plan,
  parsePlan,
  type Reason,
  type SealRequest,
  sealPlan,
  sumUsd,
  toNanoUsd,
} from '../src/index.js';
import { launch, market, node, now, smallCluster, workload } from './fixtures/small-cluster.js';

const types = ['m5.large', 'm5.xlarge', 't3.large', 'unknown.large', 'free.large'] as const;
/** Prices that floating point cannot add up, and some that nobody knows. */
const price = fc.oneof(
  fc.constantFrom(null, 0, 0.1, 0.2, 0.3, 1e-9),
  fc.bigInt({ min: 0n, max: 30_000_000_000n }).map(fromNanoUsd),
);
/** Names that are legal nowhere and yet arrive: markup, terminal escapes, parts of objects, half a surrogate pair. */
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '<b>', '\u001b[31m', 'a|b', 'a/b', '\ud83d', 'é', ''),
  fc.string({ maxLength: 8 }),
);
const reasons: fc.Arbitrary<readonly [Reason]> = fc
  .record({
    code: fc.constantFrom('under-used', 'empty', 'off-hours'),
    message: name.map((text) => `Because ${text}.`),
    numbers: fc.dictionary(name, fc.oneof(fc.constant(-0), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  })
  .map((reason) => [reason]);

interface Case extends SealRequest {
  readonly decision: Decision;
}

/** A decision that an author could have meant: every node is removed at most once, replicas follow on each other. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    names: fc.array(name, { minLength: 1, maxLength: 6 }),
    typeOf: fc.array(fc.constantFrom(...types), { minLength: 6, maxLength: 6 }),
    prices: fc.array(price, { minLength: 3, maxLength: 3 }),
    groups: fc.array(fc.array(fc.tuple(fc.nat(7), fc.nat(5), reasons), { minLength: 1, maxLength: 5 }), {
      maxLength: 6,
    }),
    after: fc.array(fc.option(fc.array(fc.nat(5), { maxLength: 2 }), { nil: undefined }), {
      minLength: 6,
      maxLength: 6,
    }),
    seed: fc.integer(),
  })
  .map(({ names, typeOf, prices, groups, after, seed }) => {
    const nodes = names.map((text, index): Node => {
      return node(text, { uid: `${index}|${text}`, instanceType: typeOf[index] as string });
    });
    const offerings = ['x1.large', 'x2.large', 'x3.large'].map((instanceType, index): Offering => {
      return { instanceType, zone: 'us-east-1a', capacityType: 'spot', priceUsdPerHour: prices[index] ?? null };
    });
    const removed = new Set<number>();
    let replicas = 2;
    let launches = 0;
    const drafts = groups.map((choices, position): DraftGroup => {
      const actions = choices.map(([choice, at, why]): Draft => {
        const index = at % nodes.length;
        const ref = { uid: (nodes[index] as Node).uid };
        if (choice === 0) return { kind: 'cordon-node', node: ref, reasons: why };
        if (choice === 1) return { kind: 'label-node', node: ref, labels: { [`l${at}`]: null }, reasons: why };
        if (choice === 2) {
          const expected = [{ node: { uid: (nodes[0] as Node).uid }, count: at + 1 }];
          return { kind: 'drain-node', node: ref, pods: [{ template: 0, count: at + 1, expected }], reasons: why };
        }
        if (choice === 3 && !removed.has(index)) {
          removed.add(index);
          return { kind: 'terminate-node', node: ref, via: { kind: 'asg', name: 'g' }, reasons: why };
        }
        if (choice === 4) {
          const bought = offerings.filter(({ priceUsdPerHour }) => priceUsdPerHour !== null).slice(0, 2);
          const ranked = bought.map((offering, rank) => ({
            ...offering,
            priceCapUsdPerHour: (offering.priceUsdPerHour as number) + rank * 0.01,
          }));
          launches++;
          const [first, ...others] = ranked;
          const chosen = first === undefined ? {} : { offerings: [first, ...others] as const };
          return launch({ key: `${launches}`, reasons: why, ...chosen });
        }
        if (choice === 5 && launches > 0) return { kind: 'cordon-node', node: { launch: `${launches}` }, reasons: why };
        const from = replicas;
        replicas = from === at ? at + 1 : at;
        return { kind: 'scale-workload', workload: workload('web'), from, to: replicas, reasons: why };
      });
      // An explicit order only backwards: the circles have a test of their own.
      const earlier = after[position]?.filter((other) => other < position);
      return earlier === undefined || usesSequence(actions) ? { actions } : { actions, after: earlier };
    });
    return {
      engine: { id: 'random', version: '1.0.0', considers: ['nodes'] },
      request: {
        contractVersion: 'v1',
        policy: defaultPolicy,
        options: {},
        cluster: smallCluster({ nodes, pods: { ...smallCluster().pods, node: [0, -1] } }),
        market: market(offerings),
      },
      decision: {
        groups: drafts,
        rejections: nodes.map((subject) => ({
          reason: { code: 'kept', message: 'Kept.', numbers: { zero: -0 } },
          subjects: [{ kind: 'node', ...subject }],
        })),
      },
      context: { now, seed },
    } as const;
  });

/** Steps of one workload must stay in their order, or `from` would be wrong. */
function usesSequence(actions: readonly Draft[]): boolean {
  return actions.some(({ kind }) => kind === 'scale-workload');
}

it('a sealed plan adds up, has an order, survives JSON with the same bytes, and expects something of live objects', async () => {
  await fc.assert(
    // One case for all four: to draw and to seal it costs more than to look at it.
    fc.asyncProperty(cases, async (sealing) => {
      const before = JSON.stringify(sealing);
      const plan = await sealPlan(sealing);
      addsUp(sealing, plan);
      hasAnOrder(plan);
      expectsSomething(plan);
      await survives(before, sealing, plan);
    }),
    lawParameters(300),
  );
});

/** To the nano-dollar: nodes, groups, savings, projection. */
function addsUp(sealing: Case, plan: Plan): void {
  const savings = plan.savingsUsdPerHour;
  for (const bound of ['point', 'lower', 'upper'] as const) {
    expect(sumUsd(plan.groups.map((group) => group.savingsUsdPerHour[bound]))).toBe(savings[bound]);
  }
  expect(exactly(plan.currentUsdPerHour) - exactly(plan.projectedUsdPerHour.point)).toBe(exactly(savings.point));
  expect(exactly(plan.currentUsdPerHour) - exactly(plan.projectedUsdPerHour.lower)).toBe(exactly(savings.upper));
  for (const { lower, point, upper } of [savings, plan.projectedUsdPerHour]) {
    expect(lower <= point && point <= upper).toBe(true);
  }
  expect(plan.projectedUsdPerHour.lower).toBeGreaterThanOrEqual(0);
  expect(exactly(plan.currentUsdPerHour)).toBe(billByHand(sealing));
  expect(exactly(savings.point)).toBe(savingsByHand(sealing));
  expect(plan.unpriced.flatMap(({ subjects }) => subjects)).toHaveLength(unpricedByHand(sealing));
}

/** Ids are unique, and the order names only what is there and never runs in a circle. */
function hasAnOrder(plan: Plan): void {
  const actions = plan.groups.flatMap((group) => group.actions);
  expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
  expect(new Set(plan.groups.map(({ id }) => id)).size).toBe(plan.groups.length);
  expect(canAllRun(actions)).toBe(true);
  expect(canAllRun(plan.groups)).toBe(true);
  expect(launchesComeFirst(plan)).toBe(true);
}

/** At every action, of the node that it is about. */
function expectsSomething(plan: Plan): void {
  const isUnguarded = (action: Action) =>
    action.expect.length === 0 ||
    !(action.deadlineSeconds > 0) ||
    ('node' in action && !action.expect.some((fact) => 'node' in fact && isSameNode(fact.node, action.node)));
  expect(plan.groups.flatMap((group) => group.actions.filter(isUnguarded))).toEqual([]);
}

function isSameNode(a: NodeRef, b: NodeRef): boolean {
  return 'uid' in a ? 'uid' in b && a.uid === b.uid : 'launch' in b && a.launch === b.launch;
}

/** JSON and its schema leave the plan as it is, sealing again gives the same bytes, and the input was left alone. */
async function survives(before: string, sealing: Case, plan: Plan): Promise<void> {
  const text = JSON.stringify(plan);
  const copy: unknown = JSON.parse(text);
  expect(plan).toEqual(copy);
  expect(parsePlan(copy)).toBe(copy);
  expect(JSON.stringify(await sealPlan(sealing))).toBe(text);
  expect(JSON.stringify(await sealPlan(JSON.parse(before)))).toBe(text);
  expect(JSON.stringify(sealing)).toBe(before);
}

const exactly = toNanoUsd;

/** The price of an offering by search, without a price book. */
function priceOf({ request }: Case, wanted: { instanceType?: string; capacityType?: string }): number | null {
  const found = request.market?.offerings.find(
    (offering) => offering.instanceType === wanted.instanceType && offering.capacityType === wanted.capacityType,
  );
  return found?.priceUsdPerHour ?? null;
}

function billByHand(sealing: Case): bigint {
  const nodes = sealing.request.cluster?.nodes ?? [];
  return nodes.reduce((sum, each) => sum + exactly(priceOf(sealing, each) ?? 0), 0n);
}

function savingsByHand(sealing: Case): bigint {
  let sum = 0n;
  for (const draft of sealing.decision.groups.flatMap(({ actions }) => actions)) {
    if (draft.kind === 'launch-node') sum -= exactly(priceOf(sealing, draft.offerings[0]) ?? Number.NaN);
    if (draft.kind === 'terminate-node') {
      const { node: ref } = draft;
      const removed = sealing.request.cluster?.nodes.find(({ uid }) => 'uid' in ref && uid === ref.uid);
      sum += exactly(priceOf(sealing, removed ?? {}) ?? 0);
    }
  }
  return sum;
}

function unpricedByHand(sealing: Case): number {
  return (sealing.request.cluster?.nodes ?? []).filter((each) => priceOf(sealing, each) === null).length;
}

/** Whether all steps can be taken one after the other, each only when those it names have been. */
function canAllRun(steps: readonly { readonly id: string; readonly dependsOn: readonly string[] }[]): boolean {
  const done = new Set<string>();
  for (let progress = true; progress; ) {
    progress = false;
    for (const { id, dependsOn } of steps) {
      if (done.has(id) || !dependsOn.every((other) => done.has(other))) continue;
      done.add(id);
      progress = true;
    }
  }
  return done.size === steps.length;
}

/** Whatever names a launched node depends on its launch, by itself or through what it depends on. */
function launchesComeFirst({ groups }: Plan): boolean {
  const actions = groups.flatMap((group) => group.actions);
  const byId = new Map(actions.map((action) => [action.id, action]));
  return actions.every((action) => {
    if (!('node' in action) || !('launch' in action.node)) return true;
    const { launch: key } = action.node;
    return [...ancestorsOf(action.id, byId)].some((id) => {
      const other = byId.get(id);
      return other?.kind === 'launch-node' && other.key === key;
    });
  });
}

/** All that has to happen before an action; each once, since the paths to them can be many more. */
function ancestorsOf(id: string, byId: ReadonlyMap<string, Action>): Set<string> {
  const found = new Set<string>();
  const left = [id];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const other of byId.get(next)?.dependsOn ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      left.push(other);
    }
  }
  return found;
}
