import type { Action, Plan } from '@cloudoptim/core';
import type { ApiClient } from '../../rig/api-client.js';
import type { LiveCluster } from '../live/live-cluster.js';
import type { Random } from '../random.js';

/** What the executor works with. */
export interface Executor {
  readonly client: ApiClient;
  readonly live: LiveCluster;
  readonly plan: Plan;
  /** Which of the offerings a launch gets, and how names go on. */
  readonly random: Random;
  /** Node names by uid as of the state that the plan was made of. */
  readonly names: ReadonlyMap<string, string>;
  /** Node names by launch key, as launches succeed. */
  readonly launched: Map<string, string>;
  /** Ready pods of each controller before the plan, or after it scaled them; a drain is done when they are back. */
  readonly readyBefore: Map<string, number>;
  /** uids of pods that had no node when the plan was verified, where its facts are asked about them. */
  readonly waited: ReadonlySet<string>;
}

/** What the API server said to evictions of one pod. */
export interface EvictionRecord {
  readonly pod: string;
  readonly statuses: readonly number[];
}

export interface ActionResult {
  readonly action: Action;
  /** `stopped`: not begun, since a fact that it expects was not so. */
  readonly outcome: 'done' | 'failed' | 'stopped' | 'not-started';
  /** Why it failed or was stopped. */
  readonly why?: string;
  readonly evictions: readonly EvictionRecord[];
}

/** An action that did not come to its end. */
export class ActionFailed extends Error {
  readonly evictions: readonly EvictionRecord[];

  constructor(message: string, evictions: readonly EvictionRecord[] = []) {
    super(message);
    this.evictions = evictions;
  }
}

/** An action whose facts are not as it expects. */
export class FactDiffers extends Error {}
