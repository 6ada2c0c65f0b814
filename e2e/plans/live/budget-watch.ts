import type { LiveBudget, LiveCluster, LivePod } from './live-cluster.js';
import { isHealthy } from './pod-facts.js';

/** A moment at which a budget had fewer healthy pods than it asks for. */
export interface Breach {
  readonly budget: string;
  readonly healthy: number;
  readonly desired: number;
}

/** How long the controller may take to lower what a budget asks for, when its owner was scaled. */
const graceMs = 500;

/**
 * Watches budgets from now on, by counting pods and not by asking the controller: it only tells what each budget desires. One
 * that was under it before counts from when it is met.
 */
export class BudgetWatch {
  readonly #live: LiveCluster;
  readonly #stop: () => void;
  readonly #met = new Set<string>();
  readonly #breaches = new Map<string, Breach & { readonly atMs: number }>();

  constructor(live: LiveCluster) {
    this.#live = live;
    for (const budget of live.budgets.values()) this.#look(budget);
    this.#stop = live.listen((kind, _, object) => {
      if (kind === 'budget') this.#changed(object as LiveBudget);
      if (kind === 'pod')
        for (const budget of live.budgets.values()) if (covers(budget, object as LivePod)) this.#look(budget);
    });
  }

  /** Stops and tells what was seen, the first breach of each budget. */
  end(): Breach[] {
    this.#stop();
    return [...this.#breaches.values()].map(({ budget, healthy, desired }) => ({ budget, healthy, desired }));
  }

  #look(budget: LiveBudget): void {
    const { uid, namespace, name, generation } = budget.metadata;
    const { desiredHealthy: desired, observedGeneration = 0 } = budget.status;
    if (desired === undefined || observedGeneration < generation) return;
    const healthy = this.#healthy(budget);
    if (healthy >= desired) this.#met.add(uid);
    else if (this.#met.has(uid) && !this.#breaches.has(uid))
      this.#breaches.set(uid, { budget: `${namespace}/${name}`, healthy, desired, atMs: performance.now() });
  }

  #changed(budget: LiveBudget): void {
    const { uid } = budget.metadata;
    const breach = this.#breaches.get(uid);
    const { desiredHealthy = 0 } = budget.status;
    // The owner was scaled down, and the controller just had not said so yet.
    if (breach !== undefined && performance.now() - breach.atMs < graceMs && desiredHealthy <= breach.healthy)
      this.#breaches.delete(uid);
    // It was scaled up, and asks for more than there are yet: nothing was taken away.
    if (this.#healthy(budget) < desiredHealthy) this.#met.delete(uid);
    this.#look(budget);
  }

  #healthy(budget: LiveBudget): number {
    return [...this.#live.pods.values()].filter((pod) => covers(budget, pod) && isHealthy(pod)).length;
  }
}

/** The generator writes matchLabels alone. */
export function covers({ metadata, spec }: LiveBudget, pod: LivePod): boolean {
  const labels = pod.metadata.labels ?? {};
  return (
    pod.metadata.namespace === metadata.namespace &&
    Object.entries(spec.selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  );
}
