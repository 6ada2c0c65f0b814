import type { ClusterState, PodDisruptionBudget, PodTemplate } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../src/run/steps.js';
import { finish } from '../src/turns.js';
import { explore } from '../src/verify/any-order/explore.js';
import { deployment, node, type StateOptions, state, template } from './support/build.js';
import { drained, planOf, removalOf } from './support/plan.js';
import { runOf } from './support/run.js';

const web = template({ labels: { app: 'web' } });
const dns = template({ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } });
const nodes = [node('a'), node('b'), node('c')];

/** A pod on each of two nodes that go, a third one with room for both. */
function cluster(pods: PodTemplate, parts: StateOptions = {}): ClusterState {
  const { namespace } = pods;
  return state({
    nodes,
    podTemplates: [pods],
    workloads: [deployment('both', 0, { namespace, replicas: 2 })],
    pods: [0, 1].map((at) => ({ template: 0, workload: 0, node: at })),
    ...parts,
  });
}

function granting(disruptionsAllowed: number): PodDisruptionBudget {
  const status = { disruptionsAllowed, currentHealthy: 2, desiredHealthy: 2 - disruptionsAllowed, expectedPods: 2 };
  const selector = { matchLabels: web.labels };
  return { namespace: 'default', name: 'both', selector, minAvailable: 2 - disruptionsAllowed, status };
}

/** Drains of both nodes that do not wait for one another, gone through in at most so many steps. */
function explored(of: ClusterState, { inFlight = 1, most = 1000 } = {}) {
  const drains = nodes.slice(0, 2).map((gone) => removalOf(gone, [drained(0, 1)]));
  const run = runOf(of, planOf(of, drains));
  run.start();
  const { problems, began, complete } = finish(explore(run, stepsOf(run), inFlight, run.options, most));
  return { codes: problems.map(({ reason }) => reason.code), began, complete };
}

function stepsTaken(of: ClusterState): number {
  let most = 1;
  while (!explored(of, { most }).complete) most++;
  return most;
}

describe('going through all states of a plan', () => {
  it('meets a budget while a successor is not Ready, and not where groups come one by one', () => {
    const of = cluster(web, { podDisruptionBudgets: [granting(1)] });
    expect(explored(of, { inFlight: 2 })).toEqual({ codes: ['pod-disruption-budget'], began: [0, 1], complete: true });
    expect(explored(of).codes).toEqual([]);
  });

  it('meets the last replica of cluster DNS that is Ready', () => {
    expect(explored(cluster(dns), { inFlight: 2 }).codes).toEqual(['last-CNI-or-DNS-replica']);
  });

  it('takes fewer steps where nobody counts who is Ready', () => {
    const counted = cluster(web, { podDisruptionBudgets: [granting(2)] });
    expect(stepsTaken(cluster(web))).toBeLessThan(0.75 * stepsTaken(counted));
    expect(explored(cluster(web), { inFlight: 2 }).codes).toEqual([]);
  });
});
