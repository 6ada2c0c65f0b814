import { expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type ClusterState,
  createContext,
  defineEngine,
  emptyClusterState,
  InvalidRequest,
  type Market,
  memoryLimitBytes,
} from '../src/index.js';

const now = Date.UTC(2026, 0, 5);

const nodeCounter = defineEngine({
  id: 'node-counter',
  version: '1.0.0',
  contractVersion: 'v1',
  considers: ['nodes'],
  requires: ['cluster'],
  options: z.object({ greeting: z.string().default('hello') }),
  async decide(request, context) {
    expectTypeOf(request.cluster).toEqualTypeOf<ClusterState>();
    expectTypeOf(request.market).toEqualTypeOf<Market | undefined>();
    expectTypeOf(request.options).toEqualTypeOf<{ greeting: string }>();
    await context.spend(3);
    return { groups: [], rejections: [], memory: { greeting: request.options.greeting } };
  },
});

it('fills in options, counts units and returns memory', async () => {
  const response = await nodeCounter.analyze({ cluster: emptyClusterState(now) }, createContext({ now }));
  expect(response).toMatchObject({ memory: { greeting: 'hello' }, spentUnits: 3 });
  expect(response.plan.engine).toEqual({ id: 'node-counter', version: '1.0.0' });
});

it('names a required input that is missing, and how to get one', async () => {
  const analysis = nodeCounter.analyze({}, createContext({ now }));
  await expect(analysis).rejects.toSatisfy(InvalidRequest.isInstance);
  await expect(analysis).rejects.toThrow(/cluster: is missing; pass a ClusterState as request.cluster/);
});

it('names the option that does not fit', async () => {
  const analysis = nodeCounter.analyze(
    { cluster: emptyClusterState(now), options: { greeting: 7 } },
    createContext({ now }),
  );
  await expect(analysis).rejects.toThrow(/options.greeting/);
});

it('has no inputs for sure when it requires none', () => {
  defineEngine({
    id: 'nothing',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: [],
    requires: [],
    options: z.object({}),
    decide(request) {
      expectTypeOf(request.cluster).toEqualTypeOf<ClusterState | undefined>();
      return { groups: [], rejections: [] };
    },
  });
});

it('refuses memory beyond the limit', async () => {
  const hoarder = defineEngine({
    id: 'hoarder',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: [],
    requires: [],
    options: z.object({}),
    decide: () => ({ groups: [], rejections: [], memory: 'x'.repeat(memoryLimitBytes) }),
  });
  await expect(hoarder.analyze({}, createContext({ now }))).rejects.toThrow(/262146 bytes .* 262144/);
});

it('names what is wrong with an input, a policy and options, all at once', async () => {
  const analysis = nodeCounter.analyze(
    {
      cluster: { ...emptyClusterState(now), takenAtMs: -1 },
      policy: { headroom: { cpuShare: 2 } },
      options: { greeting: 7 },
    },
    createContext({ now }),
  );
  await expect(analysis).rejects.toMatchObject({
    code: 'invalid-request',
    issues: [
      { path: 'cluster.takenAtMs', message: 'must be at least 0; found -1' },
      { path: 'policy.headroom.cpuShare', message: 'must be at most 1; found 2' },
      { path: 'options.greeting', message: 'must be a string; found 7' },
    ],
  });
});

it('reads an input once, however often it is analysed', async () => {
  let reads = 0;
  const cluster = Object.defineProperty({ ...emptyClusterState(now) }, 'takenAtMs', {
    enumerable: true,
    get: () => {
      reads++;
      return now;
    },
  });
  await nodeCounter.analyze({ cluster }, createContext({ now }));
  const first = reads;
  await nodeCounter.analyze({ cluster }, createContext({ now }));
  expect([first > 0, reads - first]).toEqual([true, 0]);
});

it('refuses options that JSON would not give back, since a plan is identified by them', async () => {
  const dated = defineEngine({
    id: 'dated',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: [],
    requires: [],
    options: z.object({ since: z.string().transform((text) => new Date(text)) }),
    decide: () => ({ groups: [], rejections: [] }),
  });
  const analysis = dated.analyze({ options: { since: '2026-01-05' } }, createContext({ now }));
  await expect(analysis).rejects.toThrow(/options\.since: a Date does not survive JSON/);
});

it('describes its options as JSON Schema, for forms', () => {
  expect(nodeCounter.optionsJsonSchema()).toMatchObject({
    type: 'object',
    properties: { greeting: { type: 'string', default: 'hello' } },
  });
});
