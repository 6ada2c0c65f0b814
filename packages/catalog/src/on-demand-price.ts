import type { Reason } from '@cloudoptim/core';
import { catalogFacts } from './catalog-facts.js';
import { parseInstanceTypeName } from './instance-type-name.js';
import { decodedType } from './table/families.js';

export interface OnDemandPriceQuery {
  readonly instanceType: string;
  /** An AWS region name. */
  readonly region: string;
  /** Default `linux`. The catalogue has no price for another. */
  readonly operatingSystem?: string;
  /** Default `on-demand`. The catalogue has no price for `spot` or `reserved`. */
  readonly capacityType?: string;
}

/** Stable codes of why there is no price. */
export type UnpricedCode =
  | 'fargate'
  | 'capacity-type-not-covered'
  | 'not-an-ec2-type'
  | 'unknown-instance-type'
  | 'operating-system-not-covered'
  | 'region-not-covered'
  | 'no-list-price';

export type OnDemandPrice =
  | {
      readonly known: true;
      /** The public list price, before discounts and commitments, without taxes. */
      readonly usdPerHour: number;
      /** The same, exact: whole nano-dollars. */
      readonly nanoUsdPerHour: number;
      /** ISO day that the price is of. */
      readonly asOf: string;
      readonly source: string;
    }
  | { readonly known: false; readonly reason: Reason & { readonly code: UnpricedCode } };

/**
 * The on-demand list price of a Linux node, or why the catalogue has none. It never falls back: not to on-demand for spot,
 * not to us-east-1 for another region, not to zero.
 */
export function onDemandPrice(query: OnDemandPriceQuery): OnDemandPrice {
  const { instanceType: name, region, operatingSystem = 'linux', capacityType = 'on-demand' } = query;
  if (/^fargate\b/i.test(name)) {
    return unpriced('fargate', 'Fargate bills vCPU and GiB of each pod, not nodes; give a price of your own.');
  }
  if (capacityType !== 'on-demand') {
    const say = `The catalogue has on-demand prices only; take ${capacityType} prices from a price file or the AWS adapter.`;
    return unpriced('capacity-type-not-covered', say);
  }
  if (parseInstanceTypeName(name) === undefined) {
    return unpriced('not-an-ec2-type', `"${name}" is not shaped like an EC2 instance type (family.size).`);
  }
  const type = decodedType(name);
  if (type === undefined) {
    return unpriced('unknown-instance-type', `The catalogue of ${catalogFacts.asOf} does not have ${name}.`);
  }
  if (operatingSystem.toLowerCase() !== catalogFacts.operatingSystem) {
    return unpriced(
      'operating-system-not-covered',
      `The catalogue has Linux prices only, none for ${operatingSystem}.`,
    );
  }
  if (region !== catalogFacts.region) {
    return unpriced(
      'region-not-covered',
      `The catalogue has prices of ${catalogFacts.region} only, none of ${region}.`,
    );
  }
  if (type.nanoUsdPerHour === undefined) {
    return unpriced('no-list-price', `${name} had no on-demand list price in ${region} on ${catalogFacts.asOf}.`);
  }
  return {
    known: true,
    usdPerHour: type.nanoUsdPerHour / 1e9,
    nanoUsdPerHour: type.nanoUsdPerHour,
    asOf: catalogFacts.asOf,
    source: catalogFacts.source,
  };
}

function unpriced(code: UnpricedCode, message: string): OnDemandPrice {
  return { known: false, reason: { code, message } };
}
