import type { ClusterState, Node } from '@cloudoptim/core';
import { createFastPlacement } from '../fast/fast-placement.js';
import { isFeasible } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import type { ScoringRule } from '../score.js';
import { schedulerChoices } from '../scoring/scheduler-choices.js';
import { WorkingPlacement } from '../working-placement.js';

/** Of the answers that a pod fits nowhere, one in this many is asked again of every node. */
const oneInNowhere = 8;

/**
 * The plain placement, and beside it the fast one, which chooses. Each choice is asked again of the plain filters, and so is
 * a sample of "nowhere"; where the halves disagree nothing that either says can be relied on, so that is an Error.
 */
export class TwoHalves extends WorkingPlacement {
  readonly #fast: ReturnType<typeof createFastPlacement>;
  readonly #fastMarks = new Map<number, number>();
  #nowhere = 0;

  constructor(state: ClusterState) {
    super(state);
    this.#fast = createFastPlacement(state);
  }

  /** The best feasible node by the rule, the lowest index among equals; -1 when none takes the pod. */
  choose(pod: IncomingPod, rule: ScoringRule): number {
    return this.#agreed(pod, this.#fast.choose(pod, rule));
  }

  /** As kube-scheduler scores, ties drawn. */
  chooseByScore(pod: IncomingPod, strategy: 'LeastAllocated' | 'MostAllocated', random: () => number): number {
    return this.#agreed(pod, this.#fast.chooseByScore(pod, strategy, random));
  }

  /** As kube-scheduler's whole default profile scores, ties drawn or the lowest index. It looks at every node each time. */
  chooseByProfile(pod: IncomingPod, strategy: 'LeastAllocated' | 'MostAllocated', random?: () => number): number {
    const choices = schedulerChoices(this, pod, this.#fast.feasibleNodes(pod), strategy);
    const drawn = random === undefined ? 0 : Math.floor(random() * choices.length);
    return this.#agreed(pod, choices[drawn] ?? -1);
  }

  /** Any feasible node, drawn. */
  chooseAnyhow(pod: IncomingPod, random: () => number): number {
    return this.#agreed(pod, this.#fast.chooseAnyhow(pod, random));
  }

  override remove(pod: number): void {
    super.remove(pod);
    this.#fast.remove(pod);
  }
  override place(pod: IncomingPod, node: number): number {
    this.#fast.place(pod, node);
    return super.place(pod, node);
  }
  override updateNode(node: number, to: Node): void {
    super.updateNode(node, to);
    this.#fast.updateNode(node, to);
  }
  override removeNode(node: number): void {
    // The pods on it go one by one, through `remove`.
    super.removeNode(node);
    this.#fast.removeNode(node);
  }
  override addNode(node: Node): number {
    this.#fast.addNode(node);
    return super.addNode(node);
  }
  override mark(): number {
    const mark = super.mark();
    this.#fastMarks.set(mark, this.#fast.mark());
    return mark;
  }
  override rollback(mark: number): void {
    const fast = this.#fastMarks.get(mark);
    if (fast === undefined) throw new RangeError(`Mark ${mark} was never made here.`);
    super.rollback(mark);
    this.#fast.rollback(fast);
  }

  #agreed(pod: IncomingPod, node: number): number {
    const facts = this.facts(pod);
    if (node !== -1) {
      if (facts.unsupported === undefined && isFeasible(facts, node, this)) return node;
      throw disagreement(pod, `the fast one puts it on ${this.node(node)?.name ?? `node ${node}`}`);
    }
    if (facts.unsupported !== undefined || this.#nowhere++ % oneInNowhere !== 0) return -1;
    for (let other = 0; other < this.nodeCount; other++)
      if (isFeasible(facts, other, this))
        throw disagreement(pod, `the fast one puts it nowhere, the plain one on ${this.node(other)?.name}`);
    return -1;
  }
}

function disagreement(pod: IncomingPod, what: string): Error {
  return new Error(
    `The two halves of the scheduler disagree on a pod of template ${pod.template} (workload ${pod.workload}, ${pod.name ?? 'no name'}): ${what}. This is a bug in @cloudoptim/scheduling; the plan is not judged.`,
  );
}
