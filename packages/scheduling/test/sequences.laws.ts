import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { type Fact, Sequences } from '../src/fast/sequences.js';

const fact: fc.Arbitrary<Fact> = fc.constantFrom(0, 1, '', '0', '1', '01', true, false, undefined);

describe('sequences of facts', () => {
  it('have one number when they are equal, and only then', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fact, { maxLength: 5 }), { maxLength: 60 }), (all) => {
        const sequences = new Sequences();
        const numbers = all.map((facts) => facts.reduce<number>((at, own) => sequences.after(at, own), 0));
        const texts = all.map((facts) => JSON.stringify(facts.map((own) => [typeof own, own])));
        expect(new Set(numbers.map((number, at) => `${number} ${texts[at]}`)).size).toBe(new Set(texts).size);
        expect(new Set(numbers).size).toBe(new Set(texts).size);
      }),
      lawParameters(300),
    );
  });

  it('keep their numbers while more and more of them come', () => {
    const sequences = new Sequences();
    const numbered = () =>
      Array.from({ length: 5_000 }, (_, at) => sequences.after(sequences.after(0, at), `${at % 7}`));
    const first = numbered();
    expect(new Set(first).size).toBe(5_000);
    expect(numbered()).toEqual(first);
  });
});
