/** A value for each of some vCPU counts, ascending. */
export type Ladder = ReadonlyMap<number, string>;

/**
 * The ladders of a table of lines such as `classic 1:2x4 2:3x10`, by name; undefined when no line has that name. A ladder is
 * read when first asked for.
 */
export function laddersOf(table: string): (name: string) => Ladder | undefined {
  const read = new Map<string, Ladder | undefined>();
  return (name) => {
    if (!read.has(name)) read.set(name, readLadder(table, name));
    return read.get(name);
  };
}

/** The value of the highest step that this vCPU count reaches. */
export function stepAt(ladder: Ladder, vcpu: number): string | undefined {
  let reached: string | undefined;
  for (const [step, value] of ladder) if (step <= vcpu) reached = value;
  return reached;
}

function readLadder(table: string, name: string): Ladder | undefined {
  const start = table.indexOf(`\n${name} `);
  if (start < 0) return undefined;
  const line = table.slice(start + name.length + 2, table.indexOf('\n', start + 1));
  return new Map(
    line.split(' ').map((step): [number, string] => {
      const colon = step.indexOf(':');
      return [Number(step.slice(0, colon)), step.slice(colon + 1)];
    }),
  );
}
