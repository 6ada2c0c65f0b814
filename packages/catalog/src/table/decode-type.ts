import type { Accelerator, InstanceTypeFacts, LocalNvme, NetworkFacts } from '../instance-type-facts.js';
import type { CpuManufacturer } from '../instance-type-name.js';
import { type Known, known, unknown } from '../known.js';
import { acceleratorOf } from './accelerator-models.js';
import { bandwidthLadders } from './bandwidth-ladders.js';
import { ebsAttachmentsOf } from './ebs-rule.js';
import type { FamilyRule } from './family-line.js';
import { interfaceLadders } from './interface-ladders.js';
import { laddersOf, stepAt } from './ladder.js';
import { nvmeLadders } from './nvme-ladders.js';
import { priceNanoUsd } from './price-rule.js';
import { usualVcpu } from './sizes.js';

export interface DecodedType {
  readonly facts: InstanceTypeFacts;
  /** us-east-1, on demand, Linux, per hour; undefined where the table has no price. */
  readonly nanoUsdPerHour: number | undefined;
}

const interfaceLadder = laddersOf(interfaceLadders);
const bandwidthLadder = laddersOf(bandwidthLadders);
const nvmeLadder = laddersOf(nvmeLadders);

const gigabyte = 1e9;
const mebibyte = 2 ** 20;

/** What a family line says of one of its sizes. Throws when the line leaves out what every type has. */
export function decodeType(line: FamilyRule, size: string): DecodedType {
  const { family, flags, rules } = line;
  const exception = line.exceptions.get(size);
  const bareMetal = size.startsWith('metal');
  const vcpu = Number(exception?.get('cpu') ?? usualVcpu(size) ?? largestVcpu(line));
  const accelerators = acceleratorsOf(rules.get('acc'), exception?.get('acc'));
  const localNvme = localNvmeOf(rules.get('nvme'), exception?.get('nvme'), vcpu);
  const cpuManufacturer = line.manufacturer as CpuManufacturer;
  const facts: InstanceTypeFacts = {
    name: `${family}.${size}`,
    family,
    size,
    vcpu,
    memoryBytes: memoryBytes(rules.get('gib/vcpu'), exception?.get('gib'), vcpu),
    architecture: cpuManufacturer === 'aws' || cpuManufacturer === 'apple' ? 'arm64' : 'amd64',
    mac: flags.has('mac'),
    cpuManufacturer,
    hypervisor: bareMetal ? 'none' : flags.has('xen') ? 'xen' : 'nitro',
    bareMetal,
    network: networkOf(line, exception, vcpu),
    accelerators,
    localNvme,
    ebsAttachments: ebsAttachmentsOf({
      rule: rules.get('ebs'),
      maximum: exception?.get('ebs'),
      xen: flags.has('xen'),
      bareMetal,
      size,
      vcpu,
      occupied: occupiedAttachments(accelerators, localNvme),
    }),
  };
  const nanoUsdPerHour = priceNanoUsd({
    vcpu,
    usdPerVcpu: rules.get('usd/vcpu'),
    decimals: rules.get('dp'),
    usd: exception?.get('usd'),
  });
  return { facts, nanoUsdPerHour };
}

/** Plain `metal` is the whole of the machine that the largest virtual size is cut from. */
function largestVcpu({ family, sizes }: FamilyRule): number {
  const vcpu = Math.max(...sizes.map((size) => usualVcpu(size) ?? 0));
  if (vcpu <= 0) throw new Error(`The family line of ${family} has a metal size and no other; give it cpu=.`);
  return vcpu;
}

function memoryBytes(gibPerVcpu: string | undefined, gib: string | undefined, vcpu: number): number {
  const gibibytes = gib === undefined ? Number(gibPerVcpu) * vcpu : Number(gib);
  const mebibytes = Math.floor(gibibytes * 1024);
  if (!Number.isSafeInteger(mebibytes) || mebibytes <= 0) throw new Error('A family line gives a size no memory.');
  return mebibytes * mebibyte;
}

function networkOf(line: FamilyRule, exception: ReadonlyMap<string, string> | undefined, vcpu: number): NetworkFacts {
  const steps = interfaceLadder(line.rules.get('eni') ?? '');
  const eni = exception?.get('eni') ?? (steps && stepAt(steps, vcpu));
  const [interfaces, ipv4PerInterface] = (eni ?? '').split('x').map(Number);
  if (!interfaces || !ipv4PerInterface)
    throw new Error(`The family line of ${line.family} lacks eni= for ${vcpu} vCPU.`);
  const mbps = exception?.get('net') ?? bandwidthLadder(line.rules.get('net') ?? '')?.get(vcpu);
  return {
    interfaces,
    interfacesOnDefaultCard: Number(exception?.get('card') ?? interfaces),
    ipv4PerInterface,
    baselineBandwidthMbps:
      mbps === undefined
        ? unknown('bandwidth-unknown', 'AWS states no baseline bandwidth for this type.')
        : known(Number(mbps)),
  };
}

function acceleratorsOf(model: string | undefined, amount: string | undefined): Known<readonly Accelerator[]> {
  if (model === undefined) return known([]);
  if (model === '?') {
    return unknown(
      'accelerators-unknown',
      'Sources disagree on the accelerators of each size; ask DescribeInstanceTypes.',
    );
  }
  return known([acceleratorOf(model, amount ?? '1')]);
}

function localNvmeOf(ladderName: string | undefined, exact: string | undefined, vcpu: number): Known<LocalNvme> {
  if (ladderName === '?') {
    return unknown(
      'local-nvme-unknown',
      'The size of the instance store was not found in a source; ask DescribeInstanceTypes.',
    );
  }
  const text = exact ?? nvmeLadder(ladderName ?? '')?.get(vcpu);
  if (text === undefined) {
    if (ladderName !== undefined) throw new Error(`NVMe ladder "${ladderName}" has no rung for ${vcpu} vCPU.`);
    return known({ totalBytes: 0, disks: { count: 0, bytesEach: 0 } });
  }
  const [first = 0, gigabytesEach] = text.split('x').map(Number);
  if (gigabytesEach === undefined) return known({ totalBytes: first * gigabyte });
  const bytesEach = gigabytesEach * gigabyte;
  return known({ totalBytes: first * bytesEach, disks: { count: first, bytesEach } });
}

function occupiedAttachments(accelerators: Known<readonly Accelerator[]>, nvme: Known<LocalNvme>): number | undefined {
  if (!accelerators.known || !nvme.known || nvme.value.disks === undefined) return undefined;
  return accelerators.value.reduce((sum, { count }) => sum + count, nvme.value.disks.count);
}
