import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { applyPlan } from '../src/index.js';
import { deployment, node, state, template } from './support/build.js';
import { type Controlled, scaled, type Where } from './support/controllers.js';
import { codesOf, planOf, verify } from './support/plan.js';

const drawn = fc.record({
  kind: fc.constantFrom('Deployment' as const, 'StatefulSet' as const, 'StatefulSet' as const),
  inOrder: fc.boolean(),
  slots: fc.integer({ min: 1, max: 6 }),
  pods: fc.array(fc.constantFrom('ready', 'ready', 'ready', 'unready', 'waits', 'missing'), { maxLength: 6 }),
  to: fc.nat({ max: 7 }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** No more of them bound than there is room for. Those of a Deployment that are not Ready today may be tomorrow. */
function controlled({ kind, inOrder, slots, pods }: Drawn): Controlled {
  let free = slots;
  const own = new Map<number, Where>();
  for (const [ordinal, drawnWhere] of pods.entries()) {
    if (drawnWhere === 'missing') continue;
    const where = drawnWhere === 'unready' && (kind === 'Deployment' || !inOrder) ? 'ready' : (drawnWhere as Where);
    own.set(ordinal, where !== 'waits' && free-- <= 0 ? 'waits' : where);
  }
  return { kind, inOrder, slots, replicas: pods.length, pods: own };
}

function stateOf({ kind, inOrder, slots, replicas, pods }: Controlled) {
  return state({
    nodes: [node('a', { cpu: slots, memory: 64 })],
    podTemplates: [template({ cpu: 1_000 })],
    workloads: [deployment('app', 0, { kind, replicas, podManagement: inOrder ? 'OrderedReady' : 'Parallel' })],
    pods: [...pods].map(([ordinal, where]) => ({
      ...{ name: `app-${ordinal}`, template: 0, workload: 0, node: where === 'waits' ? -1 : 0 },
      ...(where === 'unready' && { extra: { ready: false } }),
    })),
  });
}

describe('a workload that a plan scales', () => {
  it('comes to its number where the plan is accepted, and only there, with the pods that its controller leaves', () => {
    const seen = { cases: 0, up: 0, down: 0, never: 0 };
    fc.assert(
      fc.property(drawn, (draw) => {
        const own = controlled(draw);
        const { to } = draw;
        fc.pre(to !== own.replicas);
        // One that is not Ready yet may be soon, and then the next one comes: more is asked of such a plan than it may need.
        fc.pre(!(draw.pods.includes('missing') && [...own.pods.values()].includes('unready')));
        const after = scaled(own, to);
        const isUp = to > own.replicas;
        const isWhole = own.kind === 'Deployment' || [...after.keys()].every((ordinal) => ordinal < to);
        const ends = after.size === to && isWhole && !(isUp && [...after.values()].some((where) => where !== 'ready'));
        const cluster = stateOf(own);
        const workload = { kind: own.kind, namespace: 'default', name: 'app' };
        const plan = planOf(cluster, [[{ kind: 'scale-workload', workload, from: own.replicas, to }]]);
        expect(codesOf(verify(cluster, plan)).length === 0).toBe(ends);
        seen.cases++;
        seen[ends ? (isUp ? 'up' : 'down') : 'never']++;
        if (!ends) return;
        const { pods } = applyPlan(cluster, plan);
        if (isUp) expect([...pods.node]).not.toContain(-1);
        if (own.kind === 'Deployment') {
          expect(pods.count).toBe(isUp ? to : Math.min(to, own.pods.size));
          return;
        }
        // What is missing today is made later, and nobody waits for it on the way down.
        const ordinals = new Set(pods.name.map((name) => Number(name.slice('app-'.length))));
        for (const ordinal of after.keys()) if (isUp || own.pods.has(ordinal)) expect(ordinals).toContain(ordinal);
        for (const ordinal of ordinals) expect([...after.keys()]).toContain(ordinal);
      }),
      lawParameters(1_000),
    );
    process.stderr.write(`scaled: ${JSON.stringify(seen)}\n`);
    if (Math.min(seen.up, seen.down, seen.never) === 0) throw new Error('the law has looked at nothing');
  });
});
