import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { kubernetesKinds } from '../src/index.js';
import { arbitraryObjects } from './support/arbitrary-objects.js';
import { convert } from './support/convert.js';

/** Coverage given, since what was listed is rightly another question when lists are cut differently. */
const allListed = { takenAtMs: 1, listed: kubernetesKinds.map(({ kind }) => kind) };
const bytesOf = async (objects: readonly unknown[]) => JSON.stringify((await convert(objects, allListed)).state);

const shuffled = arbitraryObjects.chain((objects) =>
  fc.tuple(
    fc.constant(objects),
    fc.shuffledSubarray(objects, { minLength: objects.length, maxLength: objects.length }),
  ),
);

describe('laws of conversion', () => {
  it('the order in which objects come leaves no trace', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ([objects, others]) => {
        expect(await bytesOf(others)).toBe(await bytesOf(objects));
      }),
      lawParameters(),
    );
  });

  it('objects that come twice change nothing and are counted', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryObjects, async (objects) => {
        expect(await bytesOf([...objects, ...objects])).toBe(await bytesOf(objects));
        const once = await convert(objects);
        const twice = await convert([...objects, ...objects]);
        const read = once.report.read.reduce((sum, { count }) => sum + count, 0);
        expect(twice.report.duplicates).toBe(read);
      }),
      lawParameters(),
    );
  });

  it('lists, arrays and lists within lists hold what their items hold', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryObjects, fc.nat(), async (objects, cut) => {
        const at = objects.length === 0 ? 0 : cut % objects.length;
        const list = (items: readonly unknown[]) => ({ apiVersion: 'v1', kind: 'List', items });
        const expected = await bytesOf(objects);
        expect(await bytesOf([list(objects)])).toBe(expected);
        expect(await bytesOf([list(objects.slice(0, at)), [objects.slice(at)]])).toBe(expected);
        expect(await bytesOf([list([list(objects.slice(0, at)), ...objects.slice(at)])])).toBe(expected);
      }),
      lawParameters(),
    );
  });

  it('every object is read, ignored, without a kind, or malformed, and the given objects are not touched', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryObjects, async (objects) => {
        const before = JSON.stringify(objects);
        const { state, report } = await convert(objects);
        expect(JSON.stringify(objects)).toBe(before);
        const versions = objects.filter((object) => Object.hasOwn(object as object, 'serverVersion')).length;
        expect(report.objects + report.withoutKind + versions).toBe(objects.length);
        expect(report.malformed).toBe(0);
        const pods = report.read.find(({ kind }) => kind === 'Pod')?.count ?? 0;
        expect(state.pods.count).toBe(pods);
      }),
      lawParameters(),
    );
  });

  it('anything at all converts without throwing', async () => {
    const kinds = fc.constantFrom(...kubernetesKinds.map(({ kind }) => kind), 'Scale', 'SnapshotHeader', 'Thing');
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({
        kind: kinds,
        metadata: fc.oneof(fc.jsonValue(), fc.record({ name: fc.string() })),
        spec: fc.jsonValue(),
        status: fc.jsonValue(),
      }),
      fc.record({
        apiVersion: fc.constant('kubescheduler.config.k8s.io/v1'),
        kind: fc.constant('KubeSchedulerConfiguration'),
        profiles: fc.oneof(
          fc.jsonValue(),
          fc.array(fc.record({ schedulerName: fc.jsonValue(), plugins: fc.jsonValue(), pluginConfig: fc.jsonValue() })),
        ),
        extenders: fc.jsonValue(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (objects) => {
        await convert(objects);
      }),
      lawParameters(),
    );
  });
});
