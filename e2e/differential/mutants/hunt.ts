import { sameAnswer } from '../answer.js';
import { plainHalfOf, read } from '../oracle.js';
import type { Round } from '../round.js';
import type { Recording } from '../stage.js';
import { argued, unreachable } from './argued.js';
import { activate, type Mutant } from './mutate.js';
import { type MutatedScheduling, mutatedScheduling } from './mutated-scheduling.js';

/** Files that a stage can judge: filters and what only they use, by the filter that they belong to. */
export interface Game {
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

export interface Bag {
  /** By filter: how many mutants there were, and how many answered otherwise than kube-scheduler did. */
  readonly filters: readonly { readonly filter: string; readonly mutants: number; readonly killed: number }[];
  /** Mutants of code that no answer can reach, see `unreachable`. */
  readonly unjudged: number;
  readonly survivors: readonly { readonly id: string; readonly argument: string | undefined }[];
}

/** Lets every mutant answer what kube-scheduler was asked, until it gives itself away. */
export async function hunt(game: Game, recording: Recording): Promise<Bag> {
  const mutated = await mutatedScheduling(Object.values(game.filters).flat());
  try {
    const judged = mutated.mutants.filter((mutant) => !isUnreachable(mutant));
    let alive: readonly Mutant[] = judged;
    for (let index = 0; index < recording.count && alive.length > 0; index++)
      alive = await survivorsOf(alive, recording.round(index), mutated);
    const left = new Set(alive.map(({ id }) => id));
    return {
      filters: Object.entries(game.filters).map(([filter, files]) => {
        const own = judged.filter(({ file }) => files.includes(file));
        return { filter, mutants: own.length, killed: own.filter(({ id }) => !left.has(id)).length };
      }),
      survivors: alive.map(({ id }) => ({ id, argument: argued[id] })),
      unjudged: mutated.mutants.length - judged.length,
    };
  } finally {
    mutated.remove();
  }
}

function isUnreachable({ id, file }: Mutant): boolean {
  return unreachable.some((one) => one.file === file && one.words.some((word) => id.includes(word)));
}

async function survivorsOf(
  alive: readonly Mutant[],
  round: Round,
  { scheduling }: MutatedScheduling,
): Promise<Mutant[]> {
  const reading = await read(
    round.cluster,
    round.asked.map(({ pod }) => pod),
    round.version,
  );
  const agrees = () => {
    const ask = plainHalfOf(scheduling)(reading);
    return round.asked.every(({ answer }, index) => sameAnswer(ask(index), answer));
  };
  if (!agrees())
    throw new Error(`Without a mutant the answers of round ${round.seed} are not kube-scheduler's either.`);
  return alive.filter((mutant) => {
    activate(mutant);
    try {
      return agrees();
    } catch {
      // One that falls over gives itself away as well.
      return false;
    } finally {
      activate(undefined);
    }
  });
}
