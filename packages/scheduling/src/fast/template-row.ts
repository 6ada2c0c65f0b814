/**
 * What is known by template, as a row of half a cache line: whoever places a pod reads most of it, and as columns each number of it would
 * be waited for. One buffer is read as whole numbers, 1 << 3 to a row, the first of which are used, and as others, 1 << 2 to a row, of which
 * the last are.
 */
export const numbersBits = 3;
/** The number of the template's kind, which is what incoming pods ask. Labels that bear on no answer are not part of it. */
export const ofKind = 0;
/** The number of the set of pods that selectors cannot tell from its pods. */
export const ofLabels = 1;
/** 1 when its pods hold nothing of a node but cpu, memory and their place, and no volume. */
export const isSimple = 2;

export const wantsBits = 2;
/** What its pods want, in millicores and bytes. */
export const cpuWanted = 2;
export const memoryWanted = 3;

/** Where a template's whole numbers begin; far below zero, where there are none, for what is no index at all, and would become one. */
export function numbersOf(template: number): number {
  return (template | 0) === template ? template * (1 << numbersBits) : Number.MIN_SAFE_INTEGER;
}
