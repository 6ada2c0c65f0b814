import type { ApiClient } from '../rig/api-client.js';
import type { BudgetCase } from './budget-case.js';
import { podName } from './case-objects.js';
import { type LiveBudget, liveBudget } from './live-budget.js';
import { type OurView, viewOf } from './our-view.js';
import type { Tally } from './tally.js';

/** Where the server and we say different things. */
export interface Difference {
  readonly at: string;
  readonly real: unknown;
  readonly ours: unknown;
}

export interface Scene {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly tally: Tally;
}

/**
 * Compares every budget's status, then evicts pods one after the other, and compares each answer and the statuses after it.
 * A difference of statuses counts when it stays: the disruption controller takes its time.
 */
export async function playCase(scene: Scene, { evictions }: BudgetCase): Promise<Difference[]> {
  const differences = await compareStatuses(scene, 'at first');
  for (const index of evictions) {
    if (differences.length > 0) break;
    const eviction = await compareEviction(scene, podName(index));
    differences.push(...eviction.differences);
    differences.push(...(await compareStatuses(scene, `after the eviction of ${podName(index)}`)));
    if (differences.length === 0) differences.push(...(await compareAccounts(scene, eviction)));
  }
  return differences;
}

interface Eviction {
  readonly differences: readonly Difference[];
  /** What our accounts have left after it, without looking again; by the budget's position. */
  readonly left: readonly number[];
}

/** Evicts one pod for real. Verdicts: `allowed`, or the code of our reason. */
export async function compareEviction(scene: Scene, pod: string): Promise<Eviction> {
  const { client, namespace, tally } = scene;
  const view = await viewOf(client, namespace);
  const index = view.indexOf(pod);
  if (index === undefined) return { differences: [], left: [] };
  const answer = view.budgets.allowed(index);
  const ours = answer.allowed ? 'allowed' : answer.reason.code;
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
  const { status, body } = await client.send('POST', `${path}/eviction`, { metadata: { name: pod, namespace } });
  const real = verdictOf(status);
  tally.count('eviction', real);
  if (answer.allowed && answer.budget >= 0) tally.count('eviction', 'allowed, paid by a budget');
  if (real !== ours)
    return { differences: [{ at: `eviction of ${pod}`, real: `${real}: ${body.message}`, ours: answer }], left: [] };
  if (answer.allowed) view.budgets.evict(index);
  return { differences: [], left: view.statuses.map((_, budget) => view.budgets.left(budget)) };
}

/**
 * A plan is verified by accounts that are spent and not looked up again: they may never have more left than the server has.
 * They may have less: what an owner's last pod takes along (a percentage of its scale) is not given back.
 */
async function compareAccounts({ client, namespace, tally }: Scene, { left }: Eviction): Promise<Difference[]> {
  const { statuses } = await viewOf(client, namespace);
  return left.flatMap((ours, position) => {
    const { name, live } = statuses[position] as OurView['statuses'][number];
    const { disruptionsAllowed: real, expectedPods } = liveBudget(live);
    // Its owner's last pod went and took the expectation along. With the owner's controller awake there would be a successor.
    if (ours > real && expectedPods === 0) {
      tally.count('account', 'of a budget that expects nothing any more');
      return [];
    }
    tally.count('account', ours === real ? 'as the server has it' : 'less than the server has');
    return ours <= real ? [] : [{ at: `what ${name} has left`, real, ours }];
  });
}

function verdictOf(status: number): string {
  if (status === 201) return 'allowed';
  if (status === 429) return 'pod-disruption-budget';
  return status === 500 ? 'several-pdbs' : `status ${status}`;
}

const patienceMs = 10_000;

/** Waits until the server's statuses and ours agree; what still differs after `patienceMs` is a difference. */
export async function compareStatuses(scene: Scene, at: string): Promise<Difference[]> {
  const started = performance.now();
  let touched = false;
  for (;;) {
    const view = await viewOf(scene.client, scene.namespace);
    const differences = view.statuses.flatMap(({ name, live, ...ours }) => {
      const real = liveBudget(live);
      const agree = real.seen && statusesAgree(real, ours);
      return agree ? [] : [{ at: `${name} ${at}`, real, ours }];
    });
    if (differences.length === 0) {
      for (const status of view.statuses) scene.tally.count('status', kindOfStatus(status));
      return [];
    }
    const waitedMs = performance.now() - started;
    if (waitedMs > patienceMs) return differences;
    if (!touched && waitedMs > patienceMs / 4 && view.statuses.length > 1) {
      touched = true;
      await touch(scene, view);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/**
 * Of several budgets on a pod the disruption controller looks again at one only when the pod changes (getPdbForPod), and the
 * figures of the others are old until they are changed themselves. Where that was so is counted.
 */
async function touch({ client, namespace, tally }: Scene, { statuses }: OurView): Promise<void> {
  tally.count('status', 'old, because the pod has several budgets');
  for (const { name } of statuses) {
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}`;
    await client.patch(path, { metadata: { annotations: { touched: 'yes' } } });
  }
}

type Ours = Pick<OurView['statuses'][number], 'computed' | 'left'>;

function statusesAgree(real: LiveBudget, { computed, left }: Ours): boolean {
  if (left !== real.disruptionsAllowed) return false;
  // Where the owner cannot be known from what was listed, the live figure is all there is, and `left` is that.
  if (computed === undefined) return true;
  // The controller gave up on this budget; then its other figures are those of another time.
  if (real.failed) return computed.disruptionsAllowed === 0;
  return (
    computed.disruptionsAllowed === real.disruptionsAllowed &&
    computed.currentHealthy === real.currentHealthy &&
    computed.desiredHealthy === real.desiredHealthy &&
    computed.expectedPods === real.expectedPods
  );
}

function kindOfStatus({ live, computed }: OurView['statuses'][number]): string {
  const { failed, disruptionsAllowed } = liveBudget(live);
  if (computed === undefined) return 'an owner of unknown replicas';
  if (failed) return 'an owner without a scale';
  return disruptionsAllowed > 0 ? 'allows some' : 'allows none';
}
