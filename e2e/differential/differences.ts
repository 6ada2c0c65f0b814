import type { KubernetesObject } from '../rig/api-client.js';
import { type Answer, sameAnswer, textOf } from './answer.js';
import type { Pod } from './kubernetes.js';
import type { Asked } from './laboratory.js';
import { fastHalf, type Half, plainHalf, read } from './oracle.js';
import type { PlayedVersion } from './played-version.js';

/** An answer of kube-scheduler that one of our halves does not give. */
export interface Difference {
  readonly half: 'plain' | 'fast';
  readonly pod: Pod;
  readonly theirs: Answer;
  /** What we answered, or why we could not. */
  readonly ours: Answer | string;
}

const halves: readonly (readonly [name: Difference['half'], half: Half])[] = [
  ['plain', plainHalf],
  ['fast', fastHalf],
];

/** Asks both halves about every pod. */
export async function differencesIn(round: {
  readonly cluster: readonly KubernetesObject[];
  readonly asked: readonly Asked[];
  readonly version: PlayedVersion;
}): Promise<Difference[]> {
  const reading = await read(
    round.cluster,
    round.asked.map(({ pod }) => pod),
    round.version,
  );
  const found: Difference[] = [];
  for (const [half, ask] of halves) {
    const ours = ask(reading);
    round.asked.forEach(({ pod, answer: theirs }, index) => {
      let answer: Answer | string;
      try {
        answer = ours(index);
      } catch (error) {
        answer = (error as Error).message;
      }
      if (typeof answer === 'string' || !sameAnswer(answer, theirs)) found.push({ half, pod, theirs, ours: answer });
    });
  }
  return found;
}

export function describeDifference({ half, pod, theirs, ours }: Difference): string {
  return [
    `${pod.metadata.namespace}/${pod.metadata.name}`,
    `  kube-scheduler: ${textOf(theirs)}`,
    `  ${half} half: ${typeof ours === 'string' ? ours : textOf(ours)}`,
  ].join('\n');
}
