import type { InstanceTypeFacts } from './instance-type-facts.js';
import { parseInstanceTypeName } from './instance-type-name.js';

const prefix = 'karpenter.k8s.aws/instance-';

/**
 * The labels of a Linux node of this type that follow from the type alone, as Karpenter writes them. A label whose fact is
 * not known is left out, so that a selector on it does not match by guess. Not here, because the catalogue has no facts for
 * them: instance-ebs-bandwidth, instance-encryption-in-transit-supported, instance-cpu-sustained-clock-speed-mhz.
 */
export function instanceLabels(facts: InstanceTypeFacts): Readonly<Record<string, string>> {
  const name = parseInstanceTypeName(facts.name);
  const labels: Record<string, string> = {
    'node.kubernetes.io/instance-type': facts.name,
    'kubernetes.io/arch': facts.architecture,
  };
  if (!facts.mac) labels['kubernetes.io/os'] = 'linux';
  const add = (label: string, value: string | number | boolean | undefined) => {
    if (value !== undefined) labels[prefix + label] = String(value);
  };
  add('category', name?.category);
  add('family', facts.family);
  add('generation', name?.generation);
  add('size', facts.size);
  add('capability-flex', name?.flex);
  add('cpu', facts.vcpu);
  add('cpu-manufacturer', facts.cpuManufacturer);
  add('memory', facts.memoryBytes / 2 ** 20);
  // Karpenter writes an empty value on bare metal.
  add('hypervisor', facts.hypervisor === 'none' ? '' : facts.hypervisor);
  const { baselineBandwidthMbps } = facts.network;
  if (baselineBandwidthMbps.known) add('network-bandwidth', baselineBandwidthMbps.value);
  if (facts.localNvme.known && facts.localNvme.value.totalBytes > 0) {
    add('local-nvme', facts.localNvme.value.totalBytes / 1e9);
  }
  for (const accelerator of facts.accelerators.known ? facts.accelerators.value : []) {
    const { kind, manufacturer, model, count, memoryMebibytes } = accelerator;
    if (kind === 'gpu') {
      add('gpu-name', model);
      add('gpu-manufacturer', manufacturer);
      add('gpu-count', count);
      add('gpu-memory', memoryMebibytes === undefined ? undefined : Math.floor(memoryMebibytes));
    } else if (kind === 'neuron' || kind === 'inference') {
      add('accelerator-name', model);
      add('accelerator-manufacturer', manufacturer);
      add('accelerator-count', count);
    }
  }
  return labels;
}
