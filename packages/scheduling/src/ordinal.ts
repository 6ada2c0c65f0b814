/** The ordinal in the name of a StatefulSet's pod; 0 for a name that has none. */
export function ordinalOf(pod: string): number {
  return Number(/-(\d+)$/.exec(pod)?.[1] ?? 0);
}
