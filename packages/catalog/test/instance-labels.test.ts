import { describe, expect, it } from 'vitest';
import { instanceLabels, instanceTypes, marketInstanceType } from '../src/index.js';
import { facts } from './support/facts.js';

const short = (name: string) =>
  Object.fromEntries(
    Object.entries(instanceLabels(facts(name))).map(([key, value]) => [
      key.replace('karpenter.k8s.aws/instance-', ''),
      value,
    ]),
  );

describe('labels that follow from a type', () => {
  it('are those that Karpenter writes', () => {
    expect(short('g6.12xlarge')).toEqual({
      'node.kubernetes.io/instance-type': 'g6.12xlarge',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      category: 'g',
      family: 'g6',
      generation: '6',
      size: '12xlarge',
      'capability-flex': 'false',
      cpu: '48',
      'cpu-manufacturer': 'amd',
      memory: '196608',
      hypervisor: 'nitro',
      'network-bandwidth': '40000',
      'local-nvme': '3760',
      'gpu-name': 'l4',
      'gpu-manufacturer': 'nvidia',
      'gpu-count': '4',
      'gpu-memory': '22888',
    });
  });

  it('count a part of a GPU as none, with its memory', () => {
    expect(short('g6f.large')).toMatchObject({ 'gpu-count': '0', 'gpu-memory': '2861' });
    expect(short('gr6f.4xlarge')).toMatchObject({ 'gpu-count': '0', 'gpu-memory': '11444' });
  });

  it('call Neuron devices accelerators', () => {
    expect(short('trn1.32xlarge')).toMatchObject({
      'accelerator-name': 'trainium',
      'accelerator-manufacturer': 'aws',
      'accelerator-count': '16',
    });
    expect(short('trn1.32xlarge')).not.toHaveProperty('gpu-count');
  });

  it('leave out what is not known, or not there', () => {
    expect(short('m4.large')).not.toHaveProperty('network-bandwidth');
    expect(short('m9gd.large')).not.toHaveProperty('local-nvme');
    expect(short('d2.xlarge')).not.toHaveProperty('local-nvme');
    expect(short('g7.2xlarge')).not.toHaveProperty('gpu-count');
    expect(short('mac1.metal')).not.toHaveProperty('kubernetes.io/os');
  });

  it('have an empty hypervisor on bare metal', () => {
    expect(short('m5.metal')).toMatchObject({ hypervisor: '' });
    expect(short('m7i-flex.large')).toMatchObject({ 'capability-flex': 'true' });
  });

  it('are values that Kubernetes takes', () => {
    for (const type of instanceTypes()) {
      for (const value of Object.values(instanceLabels(type))) {
        expect(value, type.name).toMatch(/^(|[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)$/);
      }
    }
  });
});

describe('a type as a market lists it', () => {
  it('has what core asks for', () => {
    expect(marketInstanceType(facts('m7i.large'))).toMatchObject({
      name: 'm7i.large',
      architecture: 'amd64',
      vcpu: 2,
      memoryBytes: 8 * 2 ** 30,
      allocatable: { cpuMillicores: 1_930, pods: 29, extended: {} },
      labels: { 'node.kubernetes.io/instance-type': 'm7i.large' },
      volumeLimit: 31,
    });
    expect(marketInstanceType(facts('m7i.large')).allocatable).not.toHaveProperty('unknown');
  });

  it('has no volume limit where none is known', () => {
    expect(marketInstanceType(facts('m9g.large'))).not.toHaveProperty('volumeLimit');
  });
});
