import type { HorizontalPodAutoscaler, JsonValue } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import type { PodFacts } from '../pod-facts.js';

/** What a run changes beside the placement. */
interface Written {
  /** Node index by launch key. */
  readonly launched: Map<string, number>;
  /** Replicas by workload index, where an action changed them. */
  readonly replicas: Map<number, number>;
  /** Template of a workload's next pod, where an action changed it. */
  readonly templates: Map<number, number>;
  readonly suspended: Map<number, boolean>;
  /** Bounds by index of the autoscaler in the state. */
  readonly autoscalers: Map<number, Pick<HorizontalPodAutoscaler, 'minReplicas' | 'maxReplicas'>>;
  readonly groupSizes: Map<string, number>;
  /** By name of the NodePool the last merge patch of it. */
  readonly nodePools: Map<string, JsonValue>;
  readonly scoring: Map<string, 'LeastAllocated' | 'MostAllocated'>;
  /** Pods that found no node. */
  readonly pending: IncomingPod[];
  /** Positions in `waiting` of pods that have found a node. */
  readonly arrived: Set<number>;
  /** Positions in `waiting` of pods that nobody wants any more. */
  readonly dropped: Set<number>;
  /** Kinds of waiting pods that had a chance to preempt others. */
  readonly preempting: Set<PodFacts>;
}

type ReadonlyOf<T> =
  T extends Map<infer K, infer V>
    ? ReadonlyMap<K, V>
    : T extends Set<infer V>
      ? ReadonlySet<V>
      : T extends (infer V)[]
        ? readonly V[]
        : never;

export type RunState = { readonly [K in keyof Written]: ReadonlyOf<Written[K]> };

/**
 * The state of a run with exact return to a mark. Most steps write nothing of it, and those that go through all orders of a plan mark
 * and return at each: it is copied when it is next written to, and not before.
 */
export class KeptState {
  #now: Written = {
    launched: new Map(),
    replicas: new Map(),
    templates: new Map(),
    suspended: new Map(),
    autoscalers: new Map(),
    groupSizes: new Map(),
    nodePools: new Map(),
    scoring: new Map(),
    pending: [],
    arrived: new Set(),
    dropped: new Set(),
    preempting: new Set(),
  };
  #isMarked = false;

  get now(): RunState {
    return this.#now;
  }

  /** To write to at once: whoever holds on to it may write to what a mark has kept. */
  get toWrite(): Written {
    if (this.#isMarked) this.#now = copied(this.#now);
    this.#isMarked = false;
    return this.#now;
  }

  mark(): RunState {
    this.#isMarked = true;
    return this.#now;
  }

  rollback(mark: RunState): void {
    this.#now = mark as Written;
    this.#isMarked = true;
  }
}

function copied(state: Written): Written {
  return {
    launched: new Map(state.launched),
    replicas: new Map(state.replicas),
    templates: new Map(state.templates),
    suspended: new Map(state.suspended),
    autoscalers: new Map(state.autoscalers),
    groupSizes: new Map(state.groupSizes),
    nodePools: new Map(state.nodePools),
    scoring: new Map(state.scoring),
    pending: [...state.pending],
    arrived: new Set(state.arrived),
    dropped: new Set(state.dropped),
    preempting: new Set(state.preempting),
  };
}
