import { describe, expect, it } from 'vitest';
import { describeDifference, differencesIn } from '../differential/differences.js';
import { regressions } from '../differential/regression.js';

/** Differences from kube-scheduler that were found once, asked of our code alone, without a server. */
describe('what kube-scheduler once answered otherwise', () => {
  it.each(regressions())('$name', async ({ regression: { cluster, pod, answer, version } }) => {
    const found = await differencesIn({ cluster, asked: [{ pod, answer }], version });
    expect(found.map(describeDifference)).toEqual([]);
  });
});
