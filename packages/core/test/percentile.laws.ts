import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { percentile } from '../src/index.js';

const entries = fc.array(fc.tuple(fc.nat({ max: 175 }), fc.nat({ max: 20 })), { minLength: 1, maxLength: 12 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

const histogramOf = (list: readonly (readonly [number, number])[]) => ({
  bounds: 'vpa-memory' as const,
  bucket: list.map(([bucket]) => bucket),
  weight: list.map(([, weight]) => weight),
});

it('a percentile leaves at most the rest of the weight above it, and the one bucket that reaches the share below', () => {
  fc.assert(
    fc.property(entries, share, (list, part) => {
      const total = list.reduce((sum, [, weight]) => sum + weight, 0);
      const found = percentile(histogramOf(list), part);
      if (total === 0) {
        expect(found).toBeUndefined();
        return;
      }
      // The end of a bucket is what a histogram with nothing else in it says.
      const endOf = (bucket: number) => percentile(histogramOf([[bucket, 1]]), 1) as number;
      const weightWhere = (test: (end: number) => boolean) =>
        list.reduce((sum, [bucket, weight]) => sum + (test(endOf(bucket)) ? weight : 0), 0);
      expect(weightWhere((end) => end <= (found as number))).toBeGreaterThanOrEqual(part * total);
      const below = weightWhere((end) => end < (found as number));
      expect(below === 0 || below < part * total).toBe(true);
    }),
    lawParameters(500),
  );
});

it('a percentile grows with the share, and depends neither on the order of buckets nor on how they are split', () => {
  fc.assert(
    fc.property(entries, share, share, (list, one, other) => {
      const at = percentile(histogramOf(list), Math.min(one, other)) ?? 0;
      expect(percentile(histogramOf(list), Math.max(one, other)) ?? 0).toBeGreaterThanOrEqual(at);
      const reversed = percentile(histogramOf([...list].reverse()), one);
      expect(reversed).toBe(percentile(histogramOf(list), one));
      const halves = list.flatMap(([bucket, weight]) => [[bucket, weight / 2] as const, [bucket, weight / 2] as const]);
      expect(percentile(histogramOf(halves), one)).toBe(reversed);
    }),
    lawParameters(300),
  );
});
