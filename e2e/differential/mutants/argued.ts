/** Mutants that no answer can tell from the original, by id, and why. */
export const argued: Readonly<Record<string, string>> = {};
