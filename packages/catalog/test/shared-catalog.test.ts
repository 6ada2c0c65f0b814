import { describe, expect, it } from 'vitest';
import { type InstanceTypeFacts, instanceType, instanceTypes, onDemandPrice } from '../src/index.js';
import {
  cell,
  isComplete,
  nanoUsd,
  needsSharedCatalog,
  type Row,
  sharedCatalogIsHere,
  sharedCatalogRows,
} from './support/shared-catalog.js';

/**
 * Types whose count of accelerators in the set is not what AWS documents, and why. The set's column is of the autoscaler's
 * list, which counts GPUs only: it has 0 for Inferentia, Trainium, FPGA and media accelerators.
 */
const notCountedAsGpu = new Set(['inf1', 'inf2', 'trn1', 'trn1n', 'f1', 'f2', 'vt1', 'dl2q']);

describe.skipIf(!sharedCatalogIsHere)(needsSharedCatalog('the table against the shared data'), () => {
  const rows = sharedCatalogIsHere ? sharedCatalogRows() : [];
  const complete = rows.filter(isComplete);

  it('has every complete row, and no priced type beside them', () => {
    expect(complete).toHaveLength(1352);
    const names = complete.map((row) => cell(row, 'instance_type')).sort();
    expect(
      instanceTypes({ priced: true })
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });

  it('agrees on every cell of every row that it has', () => {
    const compared = rows.filter((row) => instanceType(cell(row, 'instance_type')) !== undefined);
    expect(compared.flatMap(disagreements)).toEqual([]);
    expect(compared).toHaveLength(instanceTypes().length);
  });

  it('has the price of every complete row to the nano-dollar, and as the same number', () => {
    for (const row of complete) {
      const price = onDemandPrice({ instanceType: cell(row, 'instance_type'), region: 'us-east-1' });
      const listed = cell(row, 'on_demand_usd_us_east_1');
      expect(price).toMatchObject({ known: true, usdPerHour: Number(listed), nanoUsdPerHour: nanoUsd(listed) });
    }
  });

  it('gives no price to any row that is not complete', () => {
    for (const row of rows.filter((row) => !isComplete(row))) {
      const price = onDemandPrice({ instanceType: cell(row, 'instance_type'), region: 'us-east-1' });
      expect(price.known, cell(row, 'instance_type')).toBe(false);
    }
  });
});

/** The cells of a row that the catalogue contradicts, as sentences. */
function disagreements(row: Row): string[] {
  const name = cell(row, 'instance_type');
  const facts = instanceType(name);
  if (facts === undefined) return [`${name} is missing`];
  const expected: Record<string, string> = { ...shapeCells(facts), ...networkCells(facts), gpu: gpuCell(facts) };
  return Object.entries(expected).flatMap(([column, ours]) => {
    const theirs = normalised(column, cell(row, column));
    // What the set leaves blank the table may not invent, save accelerators, which AWS's pages of the families tell.
    if (theirs === ours || (column === 'gpu' && theirs === '')) return [];
    if (column === 'gpu' && theirs === '0' && notCountedAsGpu.has(facts.family)) return [];
    return [`${name} ${column}: ${theirs} in the set, ${ours} here`];
  });
}

function shapeCells(facts: InstanceTypeFacts): Record<string, string> {
  return {
    vcpu: String(facts.vcpu),
    memory_gib: String(facts.memoryBytes),
    arch: facts.architecture,
    hypervisor: facts.hypervisor === 'none' ? '' : facts.hypervisor,
    bare_metal: String(facts.bareMetal),
  };
}

function networkCells({ network }: InstanceTypeFacts): Record<string, string> {
  return {
    baseline_bandwidth_mbps: network.baselineBandwidthMbps.known ? String(network.baselineBandwidthMbps.value) : '',
    max_eni: String(network.interfaces),
    ipv4_per_eni: String(network.ipv4PerInterface),
    max_pods_formula: String(network.interfaces * (network.ipv4PerInterface - 1) + 2),
  };
}

function gpuCell({ accelerators }: InstanceTypeFacts): string {
  return accelerators.known ? String(accelerators.value.reduce((sum, { count }) => sum + count, 0)) : '';
}

function normalised(column: string, text: string): string {
  if (column === 'arch') return text.startsWith('arm64') ? 'arm64' : text === '' ? '' : 'amd64';
  // The EC2 API counts whole MiB: 1.7 GiB is 1,740.
  if (column === 'memory_gib' && text !== '') return String(Math.floor(Number(text) * 1024) * 2 ** 20);
  return text;
}
