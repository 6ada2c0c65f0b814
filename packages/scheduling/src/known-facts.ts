import { objectRules } from './filters/object-rules.js';
import type { IncomingPod } from './incoming-pod.js';
import { type PodFacts, podFacts } from './pod-facts.js';
import type { View } from './view.js';

/** What is worked out once a pod; the same pod object (or a pod with nothing of its own) is not worked out again. */
export class KnownFacts {
  readonly #view: View;
  readonly #byTemplate: (PodFacts | undefined)[] = [];
  readonly #byPod = new WeakMap<IncomingPod, PodFacts>();
  /** Answers of nodes' objects by what is asked of them; and the same by template. */
  readonly #nodeAnswers = new Map<string, number[]>();
  readonly #answersByTemplate: (number[] | undefined)[] = [];

  constructor(view: View) {
    this.#view = view;
  }

  of(pod: IncomingPod): PodFacts {
    const plain = pod.extra === undefined && (pod.name === undefined || !this.#isNamed(pod.template));
    const known = plain ? this.#byTemplate[pod.template] : this.#byPod.get(pod);
    if (known !== undefined) return known;
    const facts = podFacts(pod, this.#view, this.#nodeAnswersOf(pod));
    // A configured default constraint depends on the owner as well, so such facts belong to one pod only.
    if (!plain || facts.spread.length > (facts.template.topologySpread?.length ?? 0)) this.#byPod.set(pod, facts);
    else this.#byTemplate[pod.template] = facts;
    return facts;
  }

  /** Whether a pod's own name bears on what it needs: claims of its ephemeral volumes are called after it. */
  #isNamed(template: number): boolean {
    return this.#view.state.podTemplates[template]?.volumes?.some(({ kind }) => kind === 'ephemeral') === true;
  }

  #nodeAnswersOf({ template, extra }: IncomingPod): number[] {
    const object = this.#view.state.podTemplates[template];
    if (object === undefined || extra?.pinnedNode !== undefined) return [];
    let answers = this.#answersByTemplate[template];
    if (answers === undefined) {
      const rules = objectRules(object);
      answers = this.#nodeAnswers.get(rules) ?? [];
      this.#nodeAnswers.set(rules, answers);
      this.#answersByTemplate[template] = answers;
    }
    return answers;
  }
}
