import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import {
  type AllocatableOptions,
  allocatable,
  instanceType,
  instanceTypes,
  maxPods,
  onDemandPrice,
  parseInstanceTypeName,
} from '../src/index.js';

const types = instanceTypes();
const anyType = fc.constantFrom(...types);
const ratio = fc.double({ min: 0, max: 0.5, noNaN: true });
const bytes = fc.integer({ min: 0, max: 2 ** 34 });

const anyOptions: fc.Arbitrary<AllocatableOptions> = fc.record(
  {
    prefixDelegation: fc.boolean(),
    managedNodeGroup: fc.boolean(),
    reservedInterfaces: fc.nat(20),
    maxPods: fc.nat(1_000),
    podsPerCore: fc.nat(50),
    vmMemoryOverheadPercent: ratio,
    kubeReservedPods: fc.constantFrom('larger', 'addresses', 'max-pods'),
    systemReserved: fc.record({ cpuMillicores: fc.nat(4_000), memoryBytes: bytes, ephemeralStorageBytes: bytes }),
    evictionMemoryBytes: bytes,
    evictionStorageRatio: ratio,
    rootVolumeBytes: fc.integer({ min: 0, max: 2 ** 42 }),
    instanceStorePolicy: fc.constant('RAID0'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<AllocatableOptions>;

function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, lawParameters(300));
}

describe('laws of the catalogue', () => {
  it('offers no more than the machine has, in whole numbers, whatever the settings', () => {
    check(
      fc.property(anyType, anyOptions, (type, options) => {
        const offered = allocatable(type, options);
        expect(offered.cpuMillicores).toBeLessThanOrEqual(type.vcpu * 1_000);
        expect(offered.memoryBytes).toBeLessThanOrEqual(type.memoryBytes);
        for (const amount of [
          offered.cpuMillicores,
          offered.memoryBytes,
          offered.pods,
          offered.ephemeralStorageBytes,
        ]) {
          expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
        }
      }),
    );
  });

  it('offers no more when more is kept', () => {
    check(
      fc.property(anyType, anyOptions, bytes, ratio, (type, options, more, share) => {
        const before = allocatable(type, options);
        const eviction = (options.evictionMemoryBytes ?? 100 * 2 ** 20) + more;
        const overhead = (options.vmMemoryOverheadPercent ?? 0.075) + share;
        const after = allocatable(type, {
          ...options,
          evictionMemoryBytes: eviction,
          vmMemoryOverheadPercent: overhead,
        });
        expect(after.memoryBytes).toBeLessThanOrEqual(before.memoryBytes);
      }),
    );
  });

  it('takes no more memory for fewer pods', () => {
    check(
      fc.property(anyType, fc.nat(800), fc.nat(800), (type, a, b) => {
        const few = allocatable(type, { maxPods: Math.min(a, b) });
        const many = allocatable(type, { maxPods: Math.max(a, b) });
        expect(few.memoryBytes).toBeGreaterThanOrEqual(many.memoryBytes);
        expect(few.cpuMillicores).toBe(many.cpuMillicores);
      }),
    );
  });

  it('has room for no more pods when more interfaces are reserved, and never more than the data of all cards', () => {
    check(
      fc.property(anyType, fc.nat(30), fc.nat(30), fc.boolean(), (type, a, b, prefixDelegation) => {
        const more = maxPods(type, { reservedInterfaces: Math.min(a, b), prefixDelegation });
        const fewer = maxPods(type, { reservedInterfaces: Math.max(a, b), prefixDelegation });
        expect(fewer).toBeLessThanOrEqual(more);
        const { interfaces, ipv4PerInterface } = type.network;
        expect(maxPods(type)).toBeLessThanOrEqual(interfaces * (ipv4PerInterface - 1) + 2);
        expect(maxPods(type, { prefixDelegation: true, reservedInterfaces: a })).toBeLessThanOrEqual(
          type.hypervisor === 'xen' ? maxPods(type, { reservedInterfaces: a }) : 250,
        );
      }),
    );
  });

  it('offers more of everything on the larger of two virtual sizes of a family', () => {
    check(
      fc.property(anyType, fc.nat(), (type, pick) => {
        const siblings = types.filter(({ family, bareMetal }) => family === type.family && !bareMetal);
        const other = siblings[pick % Math.max(1, siblings.length)];
        if (other === undefined || type.bareMetal || other.vcpu <= type.vcpu) return;
        const [small, large] = [allocatable(type), allocatable(other)];
        expect(large.cpuMillicores).toBeGreaterThan(small.cpuMillicores);
        // u-6tb1 and hpc7g sell more cores with the same memory.
        if (other.memoryBytes > type.memoryBytes) expect(large.memoryBytes).toBeGreaterThan(small.memoryBytes);
      }),
    );
  });

  it('never prices what it does not know, and never at zero', () => {
    const anyName = fc.oneof(
      anyType.map(({ name }) => name),
      fc.string(),
      fc.stringMatching(/^[a-z][0-9][a-z]?\.[a-z0-9]+$/),
    );
    const anyRegion = fc.oneof(fc.constant('us-east-1'), fc.string(), fc.constantFrom('us-east-2', 'eu-west-1'));
    const anyCapacity = fc.constantFrom('on-demand', 'spot', 'reserved', '');
    const anySystem = fc.constantFrom('linux', 'windows', 'Linux', '');
    check(
      fc.property(anyName, anyRegion, anyCapacity, anySystem, (name, region, capacityType, operatingSystem) => {
        const price = onDemandPrice({ instanceType: name, region, capacityType, operatingSystem });
        if (!price.known) {
          expect(price.reason.message).not.toBe('');
          return;
        }
        expect(price.usdPerHour).toBeGreaterThan(0);
        expect(instanceType(name)).toBeDefined();
        expect([region, capacityType, operatingSystem.toLowerCase()]).toEqual(['us-east-1', 'on-demand', 'linux']);
      }),
    );
  });

  it('takes any text for a name without failing, and puts well-formed ones together again', () => {
    check(
      fc.property(fc.string(), (text) => {
        const name = parseInstanceTypeName(text);
        if (name !== undefined) expect(`${name.family}.${name.size}`).toBe(text);
        expect(instanceType(text) === undefined || types.some((type) => type.name === text)).toBe(true);
      }),
    );
  });
});
