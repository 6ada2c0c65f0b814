import {
  InvalidQuantity,
  type NodeResources,
  parseQuantity,
  type ResourceAmounts,
  toMillicores,
  toWholeUnits,
} from '@cloudoptim/core';
import { FieldError, type Json, join, record, setOwn } from '../fields.js';
import type { Writable } from '../order.js';

/** Amounts by resource name in billionths, so that sums are exact and rounding comes last. */
export type NanoAmounts = Map<string, bigint>;

/** A dump repeats a few hundred quantities a million times. Bounded, since an adversarial dump does not repeat itself. */
const remembered = new Map<string | number, bigint>();
const mostRemembered = 10_000;

/** A quantity in billionths of its unit; FieldError names the field when it is none. */
function nanoQuantity(value: unknown, field: string): bigint {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new FieldError(field, 'it must be a quantity such as 250m or 2Gi');
  const known = remembered.get(value);
  if (known !== undefined) return known;
  try {
    const nano = parseQuantity(value);
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(value, nano);
    return nano;
  } catch (error) {
    if (InvalidQuantity.isInstance(error)) throw new FieldError(field, error.message);
    throw error;
  }
}

/** A resource list (`requests`, `limits`, `allocatable`, `overhead`); absent reads as empty. */
export function nanoAmounts(object: Json | undefined, key: string, where: string): NanoAmounts {
  const amounts: NanoAmounts = new Map();
  const source = object === undefined ? undefined : record(object, key, where);
  if (source === undefined) return amounts;
  for (const name of Object.keys(source)) {
    const field = `${join(where, key)}[${JSON.stringify(name)}]`;
    const nano = nanoQuantity(source[name], field);
    if (nano < 0n) throw new FieldError(field, 'a negative amount means nothing');
    amounts.set(name, nano);
  }
  return amounts;
}

export function addAmounts(sum: NanoAmounts, more: NanoAmounts): void {
  for (const [name, nano] of more) sum.set(name, (sum.get(name) ?? 0n) + nano);
}

/** Keeps the larger of each resource. */
export function raiseAmounts(most: NanoAmounts, other: NanoAmounts): void {
  for (const [name, nano] of other) if (nano > (most.get(name) ?? -1n)) most.set(name, nano);
}

/** Whole units, rounded up; zero amounts of anything but cpu and memory are left out, since missing means zero. */
export function resourceAmounts(nano: NanoAmounts, field: string): ResourceAmounts {
  return rounded(field, () => {
    const amounts: Writable<ResourceAmounts> = {
      cpuMillicores: toMillicores(nano.get('cpu') ?? 0n),
      memoryBytes: toWholeUnits(nano.get('memory') ?? 0n),
    };
    const storage = nano.get('ephemeral-storage') ?? 0n;
    if (storage > 0n) amounts.ephemeralStorageBytes = toWholeUnits(storage);
    const extended = extendedAmounts(nano);
    if (extended !== undefined) amounts.extended = extended;
    return amounts;
  });
}

/** As `resourceAmounts`, with the number of pods; amounts are rounded down, since a node never offers more than it has. */
export function nodeResources(nano: NanoAmounts, field: string): NodeResources {
  for (const name of ['cpu', 'memory', 'pods'])
    if (!nano.has(name)) throw new FieldError(`${field}.${name}`, 'it is missing: what the node offers is unknown');
  const floored: NanoAmounts = new Map();
  for (const [name, amount] of nano) {
    const unit = name === 'cpu' ? 1_000_000n : 1_000_000_000n;
    floored.set(name, amount - (amount % unit));
  }
  const pods = floored.get('pods') ?? 0n;
  floored.delete('pods');
  return { ...resourceAmounts(floored, field), pods: rounded(field, () => toWholeUnits(pods)) };
}

/** Amounts by their own names, in the unit of each: millicores for cpu, bytes or counts for the rest. */
export function amountsByName(object: Json, key: string, where: string): Record<string, number> | undefined {
  const nano = nanoAmounts(object, key, where);
  if (nano.size === 0) return undefined;
  const amounts: Record<string, number> = {};
  for (const name of [...nano.keys()].sort()) {
    const amount = nano.get(name) ?? 0n;
    const isCpu = name === 'cpu' || name.endsWith('.cpu');
    setOwn(
      amounts,
      name,
      rounded(join(where, key), () => (isCpu ? toMillicores(amount) : toWholeUnits(amount))),
    );
  }
  return amounts;
}

/** Bytes of one quantity; undefined when absent. */
export function quantityBytes(object: Json | undefined, key: string, where: string): number | undefined {
  const value = object?.[key];
  if (value === undefined || value === null) return undefined;
  const field = join(where, key);
  return rounded(field, () => toWholeUnits(nanoQuantity(value, field)));
}

function extendedAmounts(nano: NanoAmounts): Record<string, number> | undefined {
  let names: string[] | undefined;
  for (const [name, amount] of nano) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || amount <= 0n) continue;
    names ??= [];
    names.push(name);
  }
  if (names === undefined) return undefined;
  const extended: Record<string, number> = {};
  for (const name of names.sort()) setOwn(extended, name, toWholeUnits(nano.get(name) ?? 0n));
  return extended;
}

function rounded<T>(field: string, round: () => T): T {
  try {
    return round();
  } catch (error) {
    if (InvalidQuantity.isInstance(error)) throw new FieldError(field, error.message);
    throw error;
  }
}
