import { Readable } from 'node:stream';
import { assumedScheduler } from '@cloudoptim/core';
import { expect, it } from 'vitest';
import { readDump } from '../src/index.js';
import { convert } from './support/convert.js';
import { coverageIn } from './support/coverage.js';

const configuration = (fields: object) => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  ...fields,
});
const profile = (fields: object) => configuration({ profiles: [fields] });
const scheduled = async (...objects: object[]) => (await convert(objects)).state.scheduler;

it('without a configuration kube-scheduler is assumed to be as it comes', async () => {
  const { state } = await convert([]);
  expect(state.scheduler).toEqual(assumedScheduler);
  expect(coverageIn(state, 'SchedulerConfiguration')).toEqual({ '*': 'absent' });
});

it('an empty configuration means the same, and nothing is assumed any more', async () => {
  const { state, report } = await convert([configuration({ leaderElection: { leaderElect: true } })]);
  expect(state.scheduler).toEqual({ ...assumedScheduler, assumed: false });
  expect(coverageIn(state, 'SchedulerConfiguration')).toEqual({ '*': 'listed' });
  expect(report.read).toEqual([{ kind: 'KubeSchedulerConfiguration', count: 1 }]);
});

it('profiles keep their names, how they score and their default spread constraints', async () => {
  const spread = { maxSkew: 2, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' };
  const packing = {
    schedulerName: 'packing',
    pluginConfig: [
      {
        name: 'NodeResourcesFit',
        args: { scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 3 }] } },
      },
      { name: 'PodTopologySpread', args: { defaultingType: 'List', defaultConstraints: [spread] } },
    ],
    plugins: { score: { disabled: [{ name: 'ImageLocality' }], enabled: [{ name: 'NodeResourcesFit', weight: 5 }] } },
  };
  expect(await scheduled(configuration({ profiles: [{ schedulerName: 'default-scheduler' }, packing] }))).toStrictEqual(
    {
      assumed: false,
      profiles: [
        { schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated', defaultConstraints: 'System' },
        { schedulerName: 'packing', scoringStrategy: 'MostAllocated', defaultConstraints: [spread] },
      ],
    },
  );
});

it.each([
  ['a filter of its own', { plugins: { filter: { enabled: [{ name: 'Coscheduling' }] } } }, 'it runs Coscheduling'],
  [
    'a plugin of its own at every point',
    { plugins: { multiPoint: { enabled: [{ name: 'Trimaran' }] } } },
    'it runs Trimaran',
  ],
  [
    'no topology spread',
    { plugins: { multiPoint: { disabled: [{ name: 'PodTopologySpread' }] } } },
    'without PodTopologySpread',
  ],
  [
    'one filter alone',
    { plugins: { filter: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeUnschedulable' }] } } },
    'without NodeName',
  ],
  [
    'resources that do not count',
    { pluginConfig: [{ name: 'NodeResourcesFit', args: { ignoredResources: ['example.com/x'] } }] },
    'NodeResourcesFit has ignoredResources',
  ],
  [
    'affinity for every pod',
    { pluginConfig: [{ name: 'NodeAffinity', args: { addedAffinity: {} } }] },
    'NodeAffinity has addedAffinity',
  ],
])('a profile with %s is left out, so that its pods stay where they are', async (_, fields, why) => {
  const { state, report } = await convert([profile(fields)]);
  expect(state.scheduler.profiles).toEqual([]);
  expect(report.findings.map(({ code, name }) => [code, name])).toEqual([
    ['scheduler-not-modelled', 'default-scheduler'],
  ]);
  expect(report.findings[0]?.message).toContain(why);
});

it('a plugin that is taken away and put back with another weight is there', async () => {
  const back = { disabled: [{ name: 'NodeAffinity' }], enabled: [{ name: 'NodeAffinity', weight: 9 }] };
  const { profiles } = await scheduled(profile({ plugins: { multiPoint: back } }));
  expect(profiles).toHaveLength(1);
});

it('an extender that may refuse nodes is named without its URL; one that only scores is not', async () => {
  const { extenders } = await scheduled(
    configuration({
      extenders: [
        { urlPrefix: 'https://user:password@scores/', prioritizeVerb: 'prioritize', weight: 1 },
        { urlPrefix: 'https://user:password@filters/', filterVerb: 'predicates', bindVerb: 'bind' },
      ],
    }),
  );
  expect(extenders).toEqual(['extenders[1] with filterVerb and bindVerb']);
});

it('a configuration that kube-scheduler would refuse is reported by its field, and the defaults are assumed', async () => {
  const { state, report } = await convert([
    profile({ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'Best' } } }] }),
    configuration({ profiles: [{ schedulerName: 'a' }, {}] }),
    configuration({ profiles: [{ schedulerName: 'a' }, { schedulerName: 'a' }] }),
  ]);
  expect(report.findings.map(({ field }) => field)).toEqual([
    'profiles[0] NodeResourcesFit.scoringStrategy.type',
    'profiles[1].schedulerName',
    'profiles[1].schedulerName',
  ]);
  expect(state.scheduler).toEqual(assumedScheduler);
});

it('of two configurations neither is believed; the same one twice is one', async () => {
  const packing = profile({ schedulerName: 'packing' });
  expect((await scheduled(packing, packing)).profiles[0]?.schedulerName).toBe('packing');
  const { state, report } = await convert([packing, profile({ schedulerName: 'spreading' })]);
  expect(state.scheduler).toEqual(assumedScheduler);
  expect(report.findings.map(({ level, code }) => [level, code])).toEqual([['error', 'several-schedulers']]);
});

it('what the caller says wins, and another kind of that name is another kind', async () => {
  const given = { assumed: false, profiles: [] };
  const { state } = await convert([profile({ schedulerName: 'packing' })], { scheduler: given });
  expect(state.scheduler).toEqual(given);
  const other = { apiVersion: 'example.com/v1', kind: 'KubeSchedulerConfiguration', profiles: [] };
  expect(await scheduled(other)).toEqual(assumedScheduler);
});

it('comes as the YAML file that it is, beside a dump', async () => {
  const yaml = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    pluginConfig:
      - name: NodeResourcesFit
        args:
          scoringStrategy:
            type: MostAllocated
`;
  const steps = [];
  for await (const step of readDump(Readable.from([Buffer.from(yaml)]))) steps.push(step);
  expect((await convert(steps)).state.scheduler.profiles[0]?.scoringStrategy).toBe('MostAllocated');
});
