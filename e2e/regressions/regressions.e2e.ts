import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laboratory, openLaboratory } from '../differential/laboratory.js';
import { regressions } from '../differential/regression.js';
import { askIn } from '../differential/shrink.js';
import { hasAssets } from '../rig/assets.js';

/** The same differences, asked of the real kube-scheduler: the answers on file must still be its own. */
describe.runIf(hasAssets)('what kube-scheduler once answered otherwise', () => {
  let laboratory: Laboratory;
  beforeAll(async () => {
    laboratory = await openLaboratory();
  });
  afterAll(() => laboratory?.stop());

  it.each(regressions())('$name', async ({ regression: { cluster, pod, answer } }) => {
    const asked = await askIn(laboratory, cluster, pod);
    expect(asked?.asked.answer).toEqual(answer);
  });
});
