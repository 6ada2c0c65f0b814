import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ancestors } from '../src/ancestors.js';

describe('ancestors', () => {
  it('are what is reachable through parents, in chains and beside them', () => {
    const parentsOf = fc
      .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 })
      .map((all) => all.map((parents, at) => parents.filter((parent) => parent < at)));
    fc.assert(
      fc.property(parentsOf, (all) => {
        const sets: Set<number>[] = [];
        const found: Ancestors[] = [];
        for (const [at, parents] of all.entries()) {
          sets.push(new Set(parents.flatMap((parent) => [parent, ...(sets[parent] ?? [])])));
          const own = new Ancestors();
          for (const parent of parents) own.add(parent, found[parent] as Ancestors);
          found.push(own);
          expect(own.size).toBe(sets[at]?.size);
          for (let other = 0; other < all.length; other++) expect(own.has(other)).toBe(sets[at]?.has(other));
        }
      }),
    );
  });

  it('of a long chain are no sets', () => {
    const length = 200_000;
    let before = new Ancestors();
    for (let at = 0; at < length; at++) {
      const next = new Ancestors();
      next.add(at, before);
      before = next;
    }
    expect(before.size).toBe(length);
    expect(before.has(0) && before.has(length - 1)).toBe(true);
    expect(before.has(length)).toBe(false);
  });
});
