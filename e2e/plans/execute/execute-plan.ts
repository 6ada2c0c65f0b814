import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, ActionGroup, Plan } from '@cloudoptim/core';
import type { ApiClient } from '../../rig/api-client.js';
import type { LiveCluster } from '../live/live-cluster.js';
import { isHealthy, ownerKey } from '../live/pod-facts.js';
import type { Random } from '../random.js';
import { executeAction } from './execute-action.js';
import { ActionFailed, type ActionResult, type Executor, FactDiffers } from './execution.js';
import { cordon } from './node-actions.js';

/** A binding that was under way when its node was cordoned has arrived by then. */
const bindingMs = 500;

/** What became of a plan's actions, and the names of the nodes that it launched, by key. */
export interface Execution {
  readonly results: readonly ActionResult[];
  readonly launched: ReadonlyMap<string, string>;
}

/**
 * Carries a plan out on a live cluster, verified or not: first every node that it removes is cordoned, as hosts must; then
 * groups start as soon as those they wait for are done, in the order that is asked for or else a drawn one, at most
 * `maxGroupsInFlight` at once; a failed action ends its group and whatever waits for it. Facts that actions expect are not
 * asked about: what happens then is what the test is after. But for `heedsWaiting`: a pod that had no node when the plan was
 * verified may be bound before the plan cordons one, which no plan can know; hosts see it by `node-holds-at-most`, and leave
 * that node alone.
 */
export async function executePlan(
  client: ApiClient,
  live: LiveCluster,
  plan: Plan,
  random: Random,
  { order, heedsWaiting }: { readonly order?: readonly string[] | undefined; readonly heedsWaiting: boolean },
): Promise<Execution> {
  const waiting = [...live.pods.values()].filter(({ spec }) => heedsWaiting && spec.nodeName === undefined);
  const executor: Executor = {
    ...{ client, live, plan, random, launched: new Map(), readyBefore: readyPods(live) },
    waited: new Set(waiting.map(({ metadata }) => metadata.uid)),
    names: new Map([...live.nodes.values()].map(({ metadata }) => [metadata.uid, metadata.name])),
  };
  for (const action of plan.groups.flatMap(({ actions }) => actions)) {
    if (action.kind === 'terminate-node' || action.kind === 'delete-nodeclaim')
      if ('uid' in action.node) await cordon(executor, action.node).catch(() => undefined);
  }
  if (executor.waited.size > 0) await sleep(bindingMs);
  const results = new Map<string, ActionResult>();
  const running = new Map<string, Promise<void>>();
  const ended = new Map<string, boolean>();
  for (;;) {
    const ready = plan.groups.filter(
      (group) =>
        !running.has(group.id) && !ended.has(group.id) && group.dependsOn.every((id) => ended.get(id) === true),
    );
    for (const group of inOrder(ready, random, order).slice(0, Math.max(1, plan.maxGroupsInFlight) - running.size)) {
      running.set(
        group.id,
        executeGroup(executor, group, results).then((well) => {
          running.delete(group.id);
          ended.set(group.id, well);
        }),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const actions = plan.groups.flatMap((group) => group.actions);
  return {
    results: actions.map((action) => results.get(action.id) ?? { action, outcome: 'not-started', evictions: [] }),
    launched: executor.launched,
  };
}

/** Groups that the order does not name come last. */
function inOrder(groups: readonly ActionGroup[], random: Random, order: readonly string[] | undefined): ActionGroup[] {
  if (order === undefined) return random.shuffled(groups);
  const turn = ({ id }: ActionGroup) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...groups].sort((a, b) => turn(a) - turn(b));
}

async function executeGroup(
  executor: Executor,
  { actions }: ActionGroup,
  results: Map<string, ActionResult>,
): Promise<boolean> {
  for (const action of actions) {
    const result = await executeOne(executor, action);
    results.set(action.id, result);
    if (result.outcome !== 'done') return false;
  }
  return true;
}

async function executeOne(executor: Executor, action: Action): Promise<ActionResult> {
  try {
    return { action, outcome: 'done', evictions: await executeAction(executor, action) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      action,
      outcome: error instanceof FactDiffers ? 'stopped' : 'failed',
      why: error.message,
      evictions: error instanceof ActionFailed ? error.evictions : [],
    };
  }
}

function readyPods({ pods }: LiveCluster): Map<string, number> {
  const ready = new Map<string, number>();
  for (const pod of pods.values()) {
    if (isHealthy(pod)) ready.set(ownerKey(pod), (ready.get(ownerKey(pod)) ?? 0) + 1);
  }
  return ready;
}
