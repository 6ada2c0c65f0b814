import type { Accelerator, AcceleratorKind } from '../instance-type-facts.js';

interface Model {
  readonly kind: AcceleratorKind;
  readonly manufacturer: string;
  readonly model: string;
  readonly memoryMebibytes?: number;
  /** Kubernetes resource name, and how many of it a device is. */
  readonly resources: Readonly<Record<string, number>>;
}

const gpu = (
  manufacturer: string,
  model: string,
  memoryMebibytes: number,
  resource = `${manufacturer}.com/gpu`,
): Model => ({
  kind: 'gpu',
  manufacturer,
  model,
  memoryMebibytes,
  resources: { [resource]: 1 },
});

/** The Neuron device plugin advertises chips and cores both. */
const neuron = (model: string, cores: number): Model => ({
  kind: 'neuron',
  manufacturer: 'aws',
  model,
  resources: { 'aws.amazon.com/neuron': 1, 'aws.amazon.com/neuroncore': cores },
});

/** Devices that no usual plugin offers to pods. */
const device = (kind: AcceleratorKind, manufacturer: string, model: string): Model => ({
  kind,
  manufacturer,
  model,
  resources: {},
});

/**
 * Sources: DescribeInstanceTypes GpuInfo and InferenceAcceleratorInfo as Karpenter's reference page prints them, and the AWS
 * pages of the families. AWS files Gaudi under GPUs, so does Karpenter.
 */
const models: Readonly<Record<string, Model>> = {
  t4: gpu('nvidia', 't4', 16_384),
  t4g: gpu('nvidia', 't4g', 16_384),
  a10g: gpu('nvidia', 'a10g', 24_576),
  l4: gpu('nvidia', 'l4', 22_888),
  l40s: gpu('nvidia', 'l40s', 45_776),
  'rtx-pro-6000': gpu('nvidia', 'rtx-pro-server-6000', 98_304),
  v100: gpu('nvidia', 'v100', 16_384),
  'v100-32gb': gpu('nvidia', 'v100', 32_768),
  a100: gpu('nvidia', 'a100', 40_960),
  'a100-80gb': gpu('nvidia', 'a100', 81_920),
  h100: gpu('nvidia', 'h100', 81_920),
  h200: gpu('nvidia', 'h200', 144_384),
  b200: gpu('nvidia', 'b200', 183_359),
  b300: gpu('nvidia', 'b300', 275_040),
  v520: gpu('amd', 'radeon-pro-v520', 8_192),
  gaudi: gpu('habana', 'gaudi-hl-205', 32_768, 'habana.ai/gaudi'),
  inferentia: neuron('inferentia', 4),
  inferentia2: neuron('inferentia2', 2),
  trainium: neuron('trainium', 2),
  ai100: device('inference', 'qualcomm', 'qualcomm-ai100'),
  vu9p: device('fpga', 'xilinx', 'virtex-ultrascale-vu9p'),
  vu47p: device('fpga', 'xilinx', 'virtex-ultrascale-vu47p'),
  u30: device('media', 'xilinx', 'u30'),
};

/** `amount` is a whole number or a fraction such as `1/8`. Throws when a family line names a model that is not here. */
export function acceleratorOf(name: string, amount: string): Accelerator {
  const model = models[name];
  if (model === undefined)
    throw new Error(`A family line names accelerator "${name}"; add it to accelerator-models.ts.`);
  const { kind, manufacturer, model: label, memoryMebibytes, resources } = model;
  const [numerator = 0, denominator = 1] = amount.split('/').map(Number);
  const share = numerator / denominator;
  const whole = denominator === 1;
  const memory = memoryMebibytes === undefined ? undefined : whole ? memoryMebibytes : memoryMebibytes * share;
  return {
    kind,
    manufacturer,
    model: label,
    count: whole ? numerator : 0,
    ...(!whole && { fraction: share }),
    ...(memory !== undefined && { memoryMebibytes: memory }),
    // What a node with a part of a GPU advertises depends on the plugin's settings: nothing is promised.
    extended: whole ? Object.fromEntries(Object.entries(resources).map(([key, each]) => [key, each * numerator])) : {},
  };
}
