import { expect, it } from 'vitest';
import { percentile } from '../src/index.js';

const cpu = (bucket: number[], weight: number[]) => ({ bounds: 'vpa-cpu' as const, bucket, weight });

it('is the end of the bucket: 10 millicores for the first, 10.5 more for the second, and so on', () => {
  expect(percentile(cpu([0], [1]), 0.9)).toBe(10);
  expect(percentile(cpu([1], [1]), 0.9)).toBe(20.5);
  expect(percentile(cpu([2], [1]), 0.9)).toBeCloseTo(31.525);
  expect(percentile({ bounds: 'vpa-memory', bucket: [0], weight: [3] }, 0.9)).toBe(10_000_000);
});

it('reaches the share that is asked for, and skips buckets without weight', () => {
  const seen = cpu([0, 1, 2, 5], [80, 10, 0, 10]);
  expect(percentile(seen, 0.8)).toBe(10);
  expect(percentile(seen, 0.9)).toBe(20.5);
  expect(percentile(seen, 0.91)).toBeCloseTo(68.02, 2);
});

it('knows nothing where nothing was seen, and ends on a bucket that cannot be', () => {
  expect(percentile(cpu([], []), 0.9)).toBeUndefined();
  expect(percentile(cpu([3], [0]), 0.9)).toBeUndefined();
  expect(percentile(cpu([Number.MAX_SAFE_INTEGER], [1]), 0.9)).toBe(Number.POSITIVE_INFINITY);
});
