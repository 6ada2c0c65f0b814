import { describe, expect, it } from 'vitest';
import { cronWindowIsOpen } from '../src/cron-window.js';
import { goDurationMs, protects } from '../src/durations.js';
import { createPlacement, nodeObstacles, podObstacles, successorOf } from '../src/index.js';
import { scaledValue } from '../src/percent.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';
import { policy } from './support/plan.js';

describe('a do-not-disrupt value', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['', false],
    ['1h', true],
    ['59m59s', false],
    ['1h0m0.5s', true],
    // It was meant to protect; that it cannot be read is no reason to evict.
    ['soon', true],
  ])('%s, an hour after creation less a second', (value, expected) => {
    expect(protects(value, 0, 3_599_999 + (value.includes('59m') ? 1 : 0))).toBe(expected);
  });
  it('reads Go durations', () => {
    expect(['1h30m', '1.5h', '90m', '300ms', '0', 'x', '1'].map(goDurationMs)).toEqual([
      5_400_000,
      5_400_000,
      5_400_000,
      300,
      0,
      undefined,
      undefined,
    ]);
  });
});

describe('a schedule', () => {
  const at = (text: string) => Date.parse(text);
  it.each([
    ['0 9 * * *', 3600, '2026-01-05T09:00:00Z', true],
    ['0 9 * * *', 3600, '2026-01-05T09:59:59Z', true],
    ['0 9 * * *', 3600, '2026-01-05T10:00:00Z', false],
    ['0 22 * * mon-fri', 8 * 3600, '2026-01-06T05:00:00Z', true],
    ['0 22 * * mon-fri', 8 * 3600, '2026-01-05T05:00:00Z', false],
    ['*/15 * * * *', 60, '2026-01-05T09:45:30Z', true],
    ['*/15 * * * *', 60, '2026-01-05T09:46:00Z', false],
    ['@daily', 60, '2026-01-05T00:00:30Z', true],
    ['0 0 29 2 *', 86_400, '2024-02-29T12:00:00Z', true],
    ['0 0 13 * 5', 86_400, '2026-01-13T01:00:00Z', true],
    ['0 0 * * 7', 86_400, '2026-01-04T01:00:00Z', true],
    ['nonsense', 60, '2026-01-05T00:00:00Z', undefined],
    ['61 * * * *', 60, '2026-01-05T00:00:00Z', undefined],
  ])('%s for %i s at %s', (schedule, seconds, now, expected) => {
    expect(cronWindowIsOpen(schedule, seconds, at(now))).toBe(expected);
  });
});

describe('an int-or-percentage', () => {
  it('rounds up for budgets and down where it is asked to', () => {
    expect([scaledValue('25%', 10), scaledValue('25%', 10, 'down'), scaledValue(3, 10), scaledValue('x', 10)]).toEqual([
      3,
      2,
      3,
      undefined,
    ]);
  });
});

describe('a successor', () => {
  const built = state({
    nodes: [node('a')],
    podTemplates: [template({ volumes: [{ kind: 'ephemeral', volume: 'tmp' }] })],
    workloads: [
      deployment('web', 0),
      deployment('db', 0, { kind: 'StatefulSet' }),
      deployment('agent', 0, { kind: 'DaemonSet' }),
      deployment('lost', -1),
    ],
    pods: [0, 1, 2, 3, -1].map((workload) => ({
      name: `p${workload}`,
      template: 0,
      workload,
      node: 0,
      extra: {
        claims: [`data-p${workload}`, `p${workload}-tmp`],
        labels: { own: 'x' },
        occupies: { cpuMillicores: 9, memoryBytes: 9 },
      },
    })),
  });
  it('of a Deployment has nothing of the old pod', () => {
    expect(successorOf(built, 0)).toEqual({ template: 0, workload: 0 });
  });
  it('of a StatefulSet keeps name, labels and lasting claims, and neither resize nor ephemeral claims', () => {
    expect(successorOf(built, 1)).toEqual({
      template: 0,
      workload: 1,
      name: 'p1',
      extra: { labels: { own: 'x' }, claims: ['data-p1'] },
    });
  });
  it('is nobody for DaemonSet pods and bare pods, and unknown where the revision is', () => {
    expect(successorOf(built, 2)).toMatchObject({ none: { code: 'daemon-set-pod' } });
    expect(successorOf(built, 4)).toMatchObject({ none: { code: 'bare-pod' } });
    expect(successorOf(built, 3)).toMatchObject({ unknown: { code: 'unknown-successor' } });
  });
});

describe('obstacles', () => {
  it('are by node, all of them, and none for an open node or for DaemonSet pods', () => {
    const built = state({
      nodes: [node('a', { ready: false }), node('b'), node('c')],
      podTemplates: [
        template({ volumes: [{ kind: 'host-path', path: '/' }], annotations: { 'kilter.dev/do-not-evict': 'true' } }),
      ],
      workloads: [deployment('web', 0, { replicas: 1 }), deployment('agent', 0, { kind: 'DaemonSet' })],
      pods: [
        { template: 0, workload: 0, node: 0 },
        { template: 0, workload: 1, node: 1 },
        { template: 0, workload: 0, node: 2, extra: { deletionAtMs: 1 } },
      ],
    });
    const placement = createPlacement(built);
    const codes = nodeObstacles(placement, policy(), takenAtMs).map((list) => list.map(({ reason }) => reason.code));
    expect(codes).toEqual([['node-not-ready', 'peer-opt-out', 'host-path', 'single-replica-without-surge'], [], []]);
    expect(podObstacles(placement, 0, policy(), takenAtMs)).toHaveLength(3);
  });
});
