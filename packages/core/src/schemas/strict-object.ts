import { z } from 'zod';

/**
 * An object that refuses fields it does not know, and says which known one was probably meant: for what people write by
 * hand. A safeguard under a misspelt name would otherwise be ignored in silence.
 */
export function strictObject<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownFields(issue.keys, known) : undefined),
  });
}

function unknownFields(keys: readonly string[], known: readonly string[]): string {
  const sentences = keys.map((key) => {
    const [best] = known
      .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
      .sort((a, b) => a.distance - b.distance);
    // A third of the letters wrong is a misspelling, more is another word.
    const isClose = best !== undefined && best.distance <= Math.max(2, key.length / 3);
    return `has no field ${JSON.stringify(key)}; ${isClose ? `did you mean ${best.name}?` : `it knows ${known.join(', ')}.`}`;
  });
  return sentences.join(' ');
}

/** Levenshtein distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
