import type { Issue } from '../errors/issue.js';
import type { Fact } from '../fact.js';
import type { Draft } from '../plan.js';
import { workloadKey, workloadRef } from '../references.js';
import type { WorkloadRef } from '../workload.js';
import type { StateIndex } from './state-index.js';
import { workloadOf } from './touched-objects.js';

/**
 * What a plan has done to workloads so far. Facts hold at an action's own step: once an earlier action has changed a
 * workload, its generation is no longer the one in the snapshot, and its replicas are what that action set.
 */
export class WorkloadHistory {
  readonly #index: StateIndex | undefined;
  readonly #changed = new Set<string>();
  readonly #replicas = new Map<string, number | undefined>();

  constructor(index: StateIndex | undefined) {
    this.#index = index;
  }

  /** The generation to expect, as long as no earlier action has changed the workload and it is known. */
  generation(workload: WorkloadRef): Fact[] {
    const generation = this.#index?.workload(workload)?.generation;
    if (generation === undefined || this.#changed.has(workloadKey(workload))) return [];
    return [{ fact: 'workload-generation', workload: workloadRef(workload), generation }];
  }

  /** Says so when an action starts from replicas that the workload will not have; then it would always be stale. */
  check(draft: Draft, path: string, issues: Issue[]): void {
    if (draft.kind !== 'scale-workload' && draft.kind !== 'surge-workload') return;
    const replicas = this.#replicasOf(draft.workload);
    if (replicas === undefined || replicas === draft.from) return;
    const message = `is ${draft.from}, but ${workloadKey(draft.workload)} has ${replicas} replicas at that step.`;
    issues.push({ path: `${path}.from`, message });
  }

  record(draft: Draft): void {
    const workload = workloadOf(draft);
    if (workload !== undefined) {
      this.#changed.add(workloadKey(workload));
      // A surge takes its extra replica back; requests and preferences leave the number alone.
      if (draft.kind === 'scale-workload') this.#replicas.set(workloadKey(workload), draft.to);
      if (draft.kind === 'suspend-workload') this.#replicas.set(workloadKey(workload), undefined);
      if (draft.kind === 'resume-workload') this.#replicas.set(workloadKey(workload), draft.replicas);
    } else if (draft.kind === 'set-autoscaler-bounds') {
      // The autoscaler may act on the new bounds before the next action comes.
      const target = this.#index?.autoscaler(draft.autoscaler)?.target;
      if (target !== undefined) {
        this.#changed.add(workloadKey(target));
        this.#replicas.set(workloadKey(target), undefined);
      }
    }
  }

  #replicasOf(workload: WorkloadRef): number | undefined {
    const key = workloadKey(workload);
    return this.#replicas.has(key) ? this.#replicas.get(key) : this.#index?.workload(workload)?.replicas;
  }
}
