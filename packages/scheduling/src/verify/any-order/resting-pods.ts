import { termSelects } from '../../affinity-term.js';
import { labelsOfPod, namespaceOfPod } from '../../placed-pod.js';
import type { PodFacts } from '../../pod-facts.js';
import type { PlanRun } from '../../run/plan-run.js';
import type { Movers } from './movers.js';

/** Pods that no action of a plan can move or end: what required affinity may count on in every state. */
export class RestingPods {
  readonly #run: PlanRun;
  readonly #movers: Movers;

  constructor(run: PlanRun, movers: Movers) {
    this.#run = run;
    this.#movers = movers;
  }

  /** Tells of a node whether the pod's required affinity holds there because of resting pods alone. */
  near(facts: PodFacts): (node: number) => boolean {
    if (facts.affinity.length === 0) return () => true;
    const { placement } = this.#run;
    const domains = facts.affinity.map(({ topologyKey }) => placement.topology.domains(topologyKey).of);
    const beside = facts.affinity.map(() => new Set<number>());
    for (let pod = 0; pod < placement.state.pods.count; pod++) {
      const node = placement.nodeOf(pod);
      if (!this.#rests(pod, node)) continue;
      const labels = labelsOfPod(placement, pod);
      const namespace = namespaceOfPod(placement, pod);
      if (!facts.affinity.every((term) => termSelects(term, namespace, labels, placement.lookups))) continue;
      for (const [at, of] of domains.entries()) beside[at]?.add(of[node] ?? -1);
    }
    return (node) => domains.every((of, at) => (of[node] ?? -1) !== -1 && beside[at]?.has(of[node] as number) === true);
  }

  #rests(pod: number, node: number): boolean {
    const { placement, index } = this.#run;
    return (
      node !== -1 &&
      !this.#movers.leaving.has(pod) &&
      !index.removedNodes.has(node) &&
      !this.#movers.changed.has(placement.workloadOf(pod)) &&
      placement.extraOf(pod).deletionAtMs === undefined
    );
  }
}
