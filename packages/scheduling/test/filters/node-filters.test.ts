import { describe, expect, it } from 'vitest';
import { fits } from '../../src/index.js';
import { ask, askOne } from '../support/ask.js';
import { node, state, template } from '../support/build.js';

describe('SchedulingGates', () => {
  it('keeps a gated pod from every node', () => {
    expect(askOne([template({ schedulingGates: ['a', 'b'] })])).toBe('waiting for scheduling gates: [a b]');
  });
});

describe('NodeUnschedulable', () => {
  const nodes = [node('n', { unschedulable: true })];
  it('refuses a cordoned node', () => {
    expect(askOne([template()], [], { nodes })).toBe('node(s) were unschedulable');
  });
  it('lets a pod on that tolerates the taint of cordoned nodes', () => {
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' as const }];
    expect(askOne([template({ tolerations })], [], { nodes })).toBe('fits');
  });
});

describe('NodeName', () => {
  it('takes only the node that spec.nodeName names', () => {
    const built = state({ nodes: [node('a'), node('b')], podTemplates: [template({ nodeName: 'b' })] });
    expect(ask(built, { template: 0, workload: -1 })).toEqual({
      a: "node(s) didn't match the requested node name",
      b: 'fits',
    });
  });
});

describe('TaintToleration', () => {
  const tainted = (effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule', value?: string) => ({
    nodes: [node('n', { taints: [{ key: 'dedicated', effect, ...(value === undefined ? {} : { value }) }] })],
  });
  const refused = 'node(s) had untolerated taint(s)';

  it('refuses NoSchedule and NoExecute, and lets PreferNoSchedule pass', () => {
    expect(askOne([template()], [], tainted('NoSchedule'))).toBe(refused);
    expect(askOne([template()], [], tainted('NoExecute'))).toBe(refused);
    expect(askOne([template()], [], tainted('PreferNoSchedule'))).toBe('fits');
  });
  it('names the taint in the words of 1.34 and older', () => {
    const { nodes } = tainted('NoSchedule', 'gpu');
    expect(askOne([template()], [], { nodes, kubernetesVersion: '1.34' })).toBe(
      'node(s) had untolerated taint {dedicated: gpu}',
    );
    expect(askOne([template()], [], { nodes, kubernetesVersion: '1.35' })).toBe(refused);
  });
  it('asks for an equal value unless the toleration says Exists', () => {
    const equal = template({ tolerations: [{ key: 'dedicated', value: 'gpu' }] });
    expect(askOne([equal], [], tainted('NoSchedule', 'gpu'))).toBe('fits');
    expect(askOne([equal], [], tainted('NoSchedule', 'cpu'))).toBe(refused);
    expect(askOne([template({ tolerations: [{ operator: 'Exists' }] })], [], tainted('NoSchedule', 'cpu'))).toBe(
      'fits',
    );
  });
  it('asks for the same effect where the toleration names one', () => {
    const toleration = { key: 'dedicated', operator: 'Exists' as const, effect: 'NoExecute' as const };
    expect(askOne([template({ tolerations: [toleration] })], [], tainted('NoSchedule'))).toBe(refused);
  });
  it('compares integers only where the feature gate is on', () => {
    const tolerations = [{ key: 'dedicated', operator: 'Gt' as const, value: '5' }];
    const gate = (on: boolean) => ({
      scheduler: {
        assumed: true,
        profiles: [
          {
            schedulerName: 'default-scheduler',
            scoringStrategy: 'LeastAllocated' as const,
            defaultConstraints: 'System' as const,
          },
        ],
        featureGates: { TaintTolerationComparisonOperators: on },
      },
    });
    expect(askOne([template({ tolerations })], [], { ...tainted('NoSchedule', '9'), ...gate(true) })).toBe('fits');
    expect(askOne([template({ tolerations })], [], { ...tainted('NoSchedule', '9'), ...gate(false) })).toBe(refused);
    expect(askOne([template({ tolerations })], [], { ...tainted('NoSchedule', '3'), ...gate(true) })).toBe(refused);
  });
});

describe('NodeAffinity', () => {
  const refused = "node(s) didn't match Pod's node affinity/selector";
  const required = (...terms: object[]) => template({ nodeAffinity: { required: { nodeSelectorTerms: terms } } });
  const nodes = [node('n', { labels: { disk: 'ssd', size: '8' } })];

  it('asks for nodeSelector and required affinity both', () => {
    expect(askOne([template({ nodeSelector: { disk: 'ssd' } })], [], { nodes })).toBe('fits');
    expect(askOne([template({ nodeSelector: { disk: 'hdd' } })], [], { nodes })).toBe(refused);
  });
  it.each([
    ['In', ['ssd', 'nvme'], 'fits'],
    ['In', ['hdd'], refused],
    ['NotIn', ['hdd'], 'fits'],
    ['NotIn', ['ssd'], refused],
    ['Exists', undefined, 'fits'],
    ['DoesNotExist', undefined, refused],
  ])('reads disk %s %j', (operator, values, expected) => {
    expect(askOne([required({ matchExpressions: [{ key: 'disk', operator, values }] })], [], { nodes })).toBe(expected);
  });
  it.each([
    ['Gt', '7', 'fits'],
    ['Gt', '8', refused],
    ['Lt', '9', 'fits'],
    ['Lt', 'nine', refused],
  ])('compares size %s %s as integers', (operator, value, expected) => {
    expect(askOne([required({ matchExpressions: [{ key: 'size', operator, values: [value] }] })], [], { nodes })).toBe(
      expected,
    );
  });
  it('ORs terms, and an empty term matches nothing', () => {
    expect(askOne([required({})], [], { nodes })).toBe(refused);
    expect(askOne([required({}, { matchExpressions: [{ key: 'disk', operator: 'Exists' }] })], [], { nodes })).toBe(
      'fits',
    );
    expect(askOne([required()], [], { nodes })).toBe(refused);
  });
  it('looks at no node but those that metadata.name names, and says so in other words', () => {
    const built = state({
      nodes: [node('a'), node('b')],
      podTemplates: [required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] })],
    });
    expect(ask(built, { template: 0, workload: -1 })).toEqual({
      a: "node(s) didn't satisfy plugin(s) [NodeAffinity]",
      b: 'fits',
    });
  });
  it('refuses the whole pod when names in a term exclude each other', () => {
    const term = {
      matchFields: [
        { key: 'metadata.name', operator: 'In', values: ['n'] },
        { key: 'metadata.name', operator: 'In', values: ['m'] },
      ],
    };
    expect(askOne([required(term)])).toBe('pod affinity terms conflict');
  });
  it('keeps a DaemonSet pod to the node it was made for', () => {
    const built = state({ nodes: [node('a'), node('b')], podTemplates: [template()] });
    expect(ask(built, { template: 0, workload: -1, extra: { pinnedNode: 'b' } })).toEqual({
      a: "node(s) didn't satisfy plugin(s) [NodeAffinity]",
      b: 'fits',
    });
  });
  it('takes labels with the names of object properties for data', () => {
    expect(askOne([template({ nodeSelector: { constructor: 'x' } })])).toBe(refused);
    const exists = { matchExpressions: [{ key: 'toString', operator: 'Exists' }] };
    expect(askOne([required(exists)])).toBe(refused);
  });
});

describe('NodePorts', () => {
  const refused = "node(s) didn't have free ports for the requested pod ports";
  const onPort = (hostIp: string, port = 80, protocol: 'TCP' | 'UDP' = 'TCP') =>
    template({ hostPorts: [{ hostIp, protocol, port }] });
  it.each([
    ['0.0.0.0', '10.0.0.1', refused],
    ['10.0.0.1', '0.0.0.0', refused],
    ['10.0.0.1', '10.0.0.1', refused],
    ['10.0.0.1', '10.0.0.2', 'fits'],
  ])('tells %s taken and %s asked for', (taken, asked, expected) => {
    expect(askOne([onPort(taken), onPort(asked)], [{ template: 0 }])).toBe(expected);
  });
  it('keeps protocols and ports apart', () => {
    expect(askOne([onPort('0.0.0.0'), onPort('0.0.0.0', 80, 'UDP')], [{ template: 0 }])).toBe('fits');
    expect(askOne([onPort('0.0.0.0'), onPort('0.0.0.0', 81)], [{ template: 0 }])).toBe('fits');
  });
  it('is held by a terminating pod and not by one that has ended', () => {
    const both = [onPort('0.0.0.0'), onPort('0.0.0.0')];
    expect(askOne(both, [{ template: 0, extra: { deletionAtMs: 1 } }])).toBe(refused);
    expect(askOne(both, [{ template: 0, extra: { phase: 'Failed' } }])).toBe('fits');
  });
});

describe('NodeResourcesFit', () => {
  it('gives all its reasons at once', () => {
    const pod = template({ cpu: 5000, memory: 32 * 1024 ** 3, extended: { 'nvidia.com/gpu': 1 } });
    expect(askOne([template({ cpu: 1 }), pod], [{ template: 0 }], { nodes: [node('n', { maxPods: 1 })] })).toBe(
      'Too many pods; Insufficient cpu; Insufficient memory; Insufficient nvidia.com/gpu',
    );
  });
  it('counts what a pod occupies where that is more than its template needs', () => {
    const extra = { occupies: { cpuMillicores: 3900, memoryBytes: 0 } };
    expect(askOne([template({ cpu: 100 })], [{ template: 0 }])).toBe('fits');
    expect(askOne([template({ cpu: 101 })], [{ template: 0, extra }])).toBe('Insufficient cpu');
  });
  it('lets a pod that asks for nothing onto an overcommitted node', () => {
    const nothing = template({ cpu: 0, memory: 0 });
    expect(askOne([template({ cpu: 9000 }), nothing], [{ template: 0 }])).toBe('fits');
  });
  it('reads an ephemeral storage that the node does not state as none', () => {
    const asking = {
      ...template(),
      needs: { cpuMillicores: 1, memoryBytes: 1, ephemeralStorageBytes: 90 * 1024 ** 3 },
    };
    expect(askOne([asking])).toBe('Insufficient ephemeral-storage');
  });
});

describe('NodeDeclaredFeatures', () => {
  const refused = "node(s) didn't match Pod's required features";
  const pod = template({ requiredNodeFeatures: ['RestartAllContainers'] });
  it('asks for declared features from 1.36 on', () => {
    expect(askOne([pod])).toBe(refused);
    expect(askOne([pod], [], { nodes: [node('n', { declaredFeatures: ['RestartAllContainers'] })] })).toBe('fits');
    expect(askOne([pod], [], { kubernetesVersion: '1.35' })).toBe('fits');
  });
});

describe('what cannot be told', () => {
  it.each([
    ['a scheduler that is not a known profile', template({ schedulerName: 'volcano' })],
    ['ResourceClaims', template({ resourceClaims: ['gpu'] })],
    ['a pod group', template({ podGroup: 'gang' })],
    ['a claim that nobody listed', template({ volumes: [{ kind: 'claim', claim: 'data' }] })],
  ])('answers unsupported for %s', (_, pod) => {
    expect(askOne([pod], [], { coverage: [] })).toBe('unsupported');
  });
  it('answers unsupported for an extended resource that a DeviceClass serves', () => {
    const pod = template({ extended: { 'example.com/gpu': 1 } });
    const deviceClasses = [{ name: 'gpu', extendedResourceName: 'example.com/gpu' }];
    expect(askOne([pod], [], { deviceClasses })).toBe('unsupported');
  });
  it('answers unsupported beside scheduler extenders', () => {
    const built = state({ nodes: [node('n')], podTemplates: [template()] });
    const extended = { ...built, scheduler: { ...built.scheduler, extenders: ['https://extender'] } };
    expect(fits({ template: 0, workload: -1 }, 0, extended)).toMatchObject({
      answer: 'unsupported',
      reason: { code: 'unsupported-scheduling' },
    });
  });
  it('throws for a node or a template that does not exist', () => {
    const built = state({ nodes: [node('n')], podTemplates: [template()] });
    expect(() => fits({ template: 0, workload: -1 }, 1, built)).toThrow(RangeError);
    expect(() => fits({ template: 7, workload: -1 }, 0, built)).toThrow(RangeError);
  });
});

describe('the order of filters', () => {
  it('reports only the first that refuses', () => {
    const nodes = [node('n', { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }], cpu: 0 })];
    expect(askOne([template({ nodeSelector: { disk: 'ssd' } })], [], { nodes })).toBe('node(s) were unschedulable');
  });
});
