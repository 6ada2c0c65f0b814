import { termSelects } from '../../affinity-term.js';
import type { Labels } from '../../labels.js';
import { labelsOfPod } from '../../placed-pod.js';
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
    const { pods, podTemplates } = placement.state;
    const domains = facts.affinity.map(({ topologyKey }) => placement.topology.domains(topologyKey).of);
    const beside = facts.affinity.map(() => new Set<number>());
    const counts = (namespace: string, labels: Labels) =>
      facts.affinity.every((term) => termSelects(term, namespace, labels, placement.lookups));
    // Of many pods with few templates each template is asked once, unless its pods have labels of their own.
    for (const [template, { namespace, labels }] of podTemplates.entries()) {
      const differ = placement.templatesWithLabels.has(template);
      if (!differ && !counts(namespace, labels)) continue;
      for (const pod of placement.podsOfTemplate(template)) {
        const node = placement.nodeOf(pod);
        if (pod >= pods.count || !this.#rests(pod, node)) continue;
        if (differ && !counts(namespace, labelsOfPod(placement, pod))) continue;
        for (const [at, of] of domains.entries()) beside[at]?.add(of[node] ?? -1);
      }
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
