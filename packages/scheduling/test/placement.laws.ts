import type { ClusterState, PodExtra } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { objectFilters, occupancyFilters, preFilters } from '../src/filters/order.js';
import { workingPlacement } from '../src/fits.js';
import { createPlacement, fits, type IncomingPod, type Placement } from '../src/index.js';
import { clusters, nodes } from './support/clusters.js';

/** Answers for every template (with and without labels of its own) on every node, and what is free there. */
function answers(placement: Placement): string[] {
  const lines: string[] = [];
  for (let node = 0; node < placement.nodeCount; node++) {
    const object = placement.node(node);
    if (object === undefined) continue;
    const free = placement.free(node);
    lines.push(`${object.name} ${JSON.stringify(withoutZeros(free))}`);
    for (const pod of incoming(placement.state))
      lines.push(`${object.name} ${JSON.stringify(fits(pod, node, placement))}`);
  }
  return lines.sort();
}

/** A resource that once was asked for and no longer is reads as zero; whether it is mentioned does not matter. */
function withoutZeros(free: ReturnType<Placement['free']>) {
  const extended = Object.entries(free.extended ?? {}).filter(([, amount]) => amount !== 0);
  return { ...free, extended };
}

function incoming(state: ClusterState): IncomingPod[] {
  return state.podTemplates.flatMap((_, template) => [
    { template, workload: template },
    { template, workload: template, extra: { labels: { app: 'api' }, claims: ['own'] } },
  ]);
}

const zoneKey = 'topology.kubernetes.io/zone';

type Step = { readonly kind: number; readonly node: number; readonly pod: number; readonly extra: boolean };
const steps = fc.array(fc.record({ kind: fc.nat({ max: 7 }), node: fc.nat(), pod: fc.nat(), extra: fc.boolean() }), {
  maxLength: 12,
});

function carryOut(
  placement: Placement,
  { kind, node, pod, extra }: Step,
  make: (name: string) => ReturnType<Placement['node']>,
) {
  const present = Array.from({ length: placement.nodeCount }, (_, at) => at).filter(
    (at) => placement.node(at) !== undefined,
  );
  const at = present[node % Math.max(1, present.length)];
  const bound = Array.from({ length: placement.podCount }, (_, index) => index).filter(
    (index) => placement.nodeOf(index) >= 0,
  );
  const some = bound[pod % Math.max(1, bound.length)];
  if (kind === 0 && some !== undefined) placement.remove(some);
  else if (kind <= 2 && at !== undefined) {
    const template = pod % placement.state.podTemplates.length;
    const own: PodExtra = { labels: { app: 'db', revision: '2' }, claims: ['own'] };
    placement.place({ template, workload: template, ...(extra ? { extra: own } : {}) }, at);
  } else if (kind === 3 && at !== undefined) placement.cordon(at);
  else if (kind === 4 && at !== undefined) placement.uncordon(at);
  else if (kind === 5 && at !== undefined) placement.removeNode(at);
  else if (kind === 7 && at !== undefined) {
    const object = placement.node(at) as NonNullable<ReturnType<Placement['node']>>;
    const { [zoneKey]: zone, ...labels } = object.labels;
    const moved = { ...labels, [zoneKey]: zone === 'us-east-1a' ? 'us-east-1b' : 'us-east-1a' };
    placement.updateNode(at, { ...object, labels: pod % 3 === 0 ? labels : moved });
  } else if (kind === 6)
    placement.addNode(make(`added-${placement.nodeCount}`) as NonNullable<ReturnType<Placement['node']>>);
}

/** The placement written out as a state of its own, from its public face alone. */
function writtenOut(placement: Placement): ClusterState {
  const index = new Map<number, number>();
  const kept = [];
  for (let node = 0; node < placement.nodeCount; node++) {
    const object = placement.node(node);
    if (object === undefined) continue;
    index.set(node, kept.length);
    kept.push(object);
  }
  const pods = Array.from({ length: placement.podCount }, (_, pod) => pod).filter((pod) => placement.nodeOf(pod) >= 0);
  const extra: Record<number, PodExtra> = {};
  for (const [at, pod] of pods.entries()) extra[at] = placement.extraOf(pod);
  return {
    ...placement.state,
    nodes: kept,
    pods: {
      count: pods.length,
      name: pods.map((pod) => placement.nameOf(pod)),
      template: pods.map((pod) => placement.templateOf(pod)),
      workload: pods.map((pod) => placement.workloadOf(pod)),
      node: pods.map((pod) => index.get(placement.nodeOf(pod)) as number),
      createdAtSeconds: pods.map(() => 0),
      extra,
    },
  };
}

function assertSame(found: readonly string[], expected: readonly string[]): void {
  for (const [index, line] of expected.entries())
    if (found[index] !== line) throw new Error(`expected ${line}\n   found ${found[index]}`);
  if (found.length !== expected.length) throw new Error(`${found.length} answers, not ${expected.length}`);
}

describe('a placement', () => {
  it('answers after any steps as one made afresh from what they led to', () => {
    fc.assert(
      fc.property(clusters, steps, nodes, (state, taken, make) => {
        const placement = createPlacement(state);
        // Asking in between fills every cache that a later step has to keep true.
        for (const step of taken) {
          answers(placement);
          carryOut(placement, step, make);
        }
        assertSame(answers(placement), answers(createPlacement(writtenOut(placement))));
      }),
      lawParameters(),
    );
  });

  it('is exactly as before once steps are rolled back, marks within marks', () => {
    fc.assert(
      fc.property(clusters, steps, steps, nodes, (state, first, second, make) => {
        const placement = createPlacement(state);
        const before = answers(placement);
        const outer = placement.mark();
        for (const step of first) carryOut(placement, step, make);
        const between = answers(placement);
        const inner = placement.mark();
        for (const step of second) {
          carryOut(placement, step, make);
          answers(placement);
        }
        placement.rollback(inner);
        assertSame(answers(placement), between);
        placement.rollback(outer);
        assertSame(answers(placement), before);
        const lists = state.nodes.map((_, node) => placement.podsOn(node).join());
        const fresh = createPlacement(state);
        assertSame(
          lists,
          state.nodes.map((_, node) => fresh.podsOn(node).join()),
        );
      }),
      lawParameters(),
    );
  });

  it('does not tell a pod that came and went from one that never came', () => {
    fc.assert(
      fc.property(clusters, fc.nat(), fc.nat(), (state, at, which) => {
        const placement = createPlacement(state);
        const before = answers(placement);
        const template = which % state.podTemplates.length;
        const pod = placement.place({ template, workload: template }, at % state.nodes.length);
        answers(placement);
        placement.remove(pod);
        assertSame(answers(placement), before);
      }),
      lawParameters(),
    );
  });
});

describe('fits', () => {
  it('says feasible exactly when no filter of the table refuses', () => {
    fc.assert(
      fc.property(clusters, (state) => {
        const view = workingPlacement(createPlacement(state));
        for (let node = 0; node < view.nodeCount; node++)
          for (const pod of incoming(state)) {
            const facts = view.facts(pod);
            const refusals = [
              ...preFilters.map(([, preFilter]) => preFilter(facts, view)),
              ...objectFilters.map(([, filter]) => filter(facts, node, view)),
              ...occupancyFilters.map(([, filter]) => filter(facts, node, view)),
            ].filter((reasons) => reasons !== undefined);
            const answer = fits(pod, node, view);
            const expected =
              facts.unsupported !== undefined ? 'unsupported' : refusals.length === 0 ? 'feasible' : 'infeasible';
            if (answer.answer !== expected)
              throw new Error(`${JSON.stringify(answer)}, but ${JSON.stringify(refusals)}`);
            if (answer.answer === 'infeasible' && JSON.stringify(answer.reasons) !== JSON.stringify(refusals[0]))
              throw new Error(`${JSON.stringify(answer)} is not the first of ${JSON.stringify(refusals)}`);
          }
      }),
      lawParameters(),
    );
  });

  it('never overcommits a node with what a pod asks for', () => {
    fc.assert(
      fc.property(clusters, (state) => {
        const placement = createPlacement(state);
        for (let node = 0; node < state.nodes.length; node++)
          for (const pod of incoming(state)) {
            if (fits(pod, node, placement).answer !== 'feasible') continue;
            const needs = placement.state.podTemplates[pod.template]?.needs;
            const mark = placement.mark();
            placement.place(pod, node);
            const left = placement.free(node);
            if (left.pods < 0) throw new Error('too many pods');
            if ((needs?.cpuMillicores ?? 0) > 0 && left.cpuMillicores < 0) throw new Error('too little cpu');
            if ((needs?.memoryBytes ?? 0) > 0 && left.memoryBytes < 0) throw new Error('too little memory');
            if (needs?.extended !== undefined && Object.values(left.extended ?? {}).some((amount) => amount < 0))
              throw new Error('too few devices');
            placement.rollback(mark);
          }
      }),
      lawParameters(),
    );
  });

  it('does not depend on the order of the nodes', () => {
    fc.assert(
      fc.property(clusters, (state) => {
        const last = state.nodes.length - 1;
        const reversed: ClusterState = {
          ...state,
          nodes: [...state.nodes].reverse(),
          pods: { ...state.pods, node: state.pods.node.map((node) => (node === -1 ? -1 : last - node)) },
        };
        assertSame(answers(createPlacement(reversed)), answers(createPlacement(state)));
      }),
      lawParameters(),
    );
  });
});
