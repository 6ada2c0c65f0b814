import type { Histogram } from './usage-history.js';

/**
 * The usage that a share of the weight (0 to 1) does not exceed, in millicores or bytes: the upper end of the bucket in which
 * the share is reached, as the Vertical Pod Autoscaler's recommender takes it, so never below what was seen. Undefined for a
 * histogram without weight.
 */
export function percentile({ bounds, bucket, weight }: Histogram, share: number): number | undefined {
  const filled = bucket
    .map((number, index) => ({ number, weight: weight[index] ?? 0 }))
    .filter((each) => each.weight > 0)
    .sort((a, b) => a.number - b.number);
  const wanted = share * filled.reduce((sum, each) => sum + each.weight, 0);
  let reached = 0;
  const found = filled.find((each) => {
    reached += each.weight;
    return reached >= wanted;
  });
  const { number } = found ?? filled[filled.length - 1] ?? {};
  return number === undefined ? undefined : bucketEnd(bounds, number);
}

/** The first bucket of VPA's histograms is this wide, in millicores and bytes, and each is 5 % wider than the one before. */
const firstWidth: Readonly<Record<Histogram['bounds'], number>> = { 'vpa-cpu': 10, 'vpa-memory': 10_000_000 };

function bucketEnd(bounds: Histogram['bounds'], bucket: number): number {
  let width = firstWidth[bounds];
  let end = 0;
  // By multiplication, since the last digit of Math.pow differs between versions of V8.
  for (let index = 0; index <= bucket && end < Number.POSITIVE_INFINITY; index++) {
    end += width;
    width *= 1.05;
  }
  return end;
}
