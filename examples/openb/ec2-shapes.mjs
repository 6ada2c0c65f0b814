/**
 * The nearest EC2 shape of an openb node: what gives the pretended cluster an instance type and so a price.
 *
 * Near means the smallest sum of |ln(ratio)| over vCPU, memory and, for nodes with accelerators, their number. The families
 * searched depend on the accelerator's model: T4 is g4dn, A10 is g5, V100 is p3 (p3dn with 32 GB), P100 (which EC2 never
 * had) is p3; the undisclosed G2 and G3 search g4dn, g5, g6 and p4d; no accelerator is m6i, r6i and c6i.
 * What the node offers to pods stays what openb says. Only its price is that of the EC2 shape.
 * Shapes: [type, vCPU, memory in GiB, accelerators], from https://aws.amazon.com/ec2/instance-types/.
 */
const sizes = {
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
  '32xlarge': 128,
};

const plain = (family, gibPerVcpu) =>
  Object.entries(sizes).map(([size, vcpu]) => [`${family}.${size}`, vcpu, vcpu * gibPerVcpu, 0]);

const oneAccelerator = (family) =>
  ['xlarge', '2xlarge', '4xlarge', '8xlarge', '16xlarge'].map((size) => [
    `${family}.${size}`,
    sizes[size],
    sizes[size] * 4,
    1,
  ]);

const g4dn = [...oneAccelerator('g4dn'), ['g4dn.12xlarge', 48, 192, 4], ['g4dn.metal', 96, 384, 8]];
const g5 = [
  ...oneAccelerator('g5'),
  ['g5.12xlarge', 48, 192, 4],
  ['g5.24xlarge', 96, 384, 4],
  ['g5.48xlarge', 192, 768, 8],
];
const g6 = [
  ...oneAccelerator('g6'),
  ['g6.12xlarge', 48, 192, 4],
  ['g6.24xlarge', 96, 384, 4],
  ['g6.48xlarge', 192, 768, 8],
];
const p3 = [
  ['p3.2xlarge', 8, 61, 1],
  ['p3.8xlarge', 32, 244, 4],
  ['p3.16xlarge', 64, 488, 8],
];

const shapesByModel = new Map([
  ['', [...plain('m6i', 4), ...plain('r6i', 8), ...plain('c6i', 2)]],
  ['T4', g4dn],
  ['A10', g5],
  ['P100', p3],
  ['V100M16', p3],
  ['V100M32', [...p3, ['p3dn.24xlarge', 96, 768, 8]]],
  ['G2', [...g4dn, ...g5, ...g6]],
  ['G3', [...g5, ...g6, ['p4d.24xlarge', 96, 1152, 8]]],
]);

/** EC2 instance type nearest to a node of this size; on a tie the one listed first. Throws on a model that openb does not have. */
export function nearestEc2Shape({ model, cpuMilli, memoryMib, gpus }) {
  const shapes = shapesByModel.get(model);
  if (shapes === undefined)
    throw new Error(`accelerator model "${model}" is none of ${[...shapesByModel.keys()].join(', ')}`);
  let nearest;
  for (const [type, vcpu, gib, accelerators] of shapes) {
    const distance =
      ratio(cpuMilli / 1000, vcpu) + ratio(memoryMib / 1024, gib) + (gpus > 0 ? ratio(gpus, accelerators) : 0);
    if (nearest === undefined || distance < nearest.distance - 1e-9) nearest = { type, distance };
  }
  return nearest.type;
}

/** The families a NodePool of this model may launch. */
export function familiesOf(model) {
  return [...new Set(shapesByModel.get(model).map(([type]) => type.split('.')[0]))];
}

const ratio = (have, want) => Math.abs(Math.log(have / want));
