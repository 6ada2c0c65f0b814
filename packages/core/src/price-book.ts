import type { Market, Offering, OfferingRef } from './market.js';
import type { Node } from './node.js';

/** Looks up offerings by what they are. */
export interface PriceBook {
  find(ref: OfferingRef): Offering | undefined;
  /** USD per hour, or undefined when unknown: never zero for want of knowledge. */
  usdPerHour(ref: OfferingRef): number | undefined;
  /** The price of an existing node, undefined when its offering is not known or has no price. */
  nodeUsdPerHour(node: Node): number | undefined;
}

/** A market's book is kept, since who checks one price at a time would read all offerings each time. */
export function createPriceBook(market: Market | undefined): PriceBook {
  if (market === undefined) return bookOf([]);
  let book = known.get(market);
  if (book === undefined) {
    book = bookOf(market.offerings);
    known.set(market, book);
  }
  return book;
}

const known = new WeakMap<Market, PriceBook>();

function bookOf(all: readonly Offering[]): PriceBook {
  const offerings = new Map<string, Offering>();
  for (const offering of all) offerings.set(offeringKey(offering), offering);
  const find = (ref: OfferingRef) => offerings.get(offeringKey(ref));
  const usdPerHour = (ref: OfferingRef) => {
    const price = find(ref)?.priceUsdPerHour;
    return price === null || price === undefined || !Number.isFinite(price) || price < 0 ? undefined : price;
  };
  return {
    find,
    usdPerHour,
    nodeUsdPerHour(node) {
      const ref = nodeOffering(node);
      return ref === undefined ? undefined : usdPerHour(ref);
    },
  };
}

/** The offering that a node was bought as, undefined when its labels do not tell all three parts. */
export function nodeOffering(node: Node): OfferingRef | undefined {
  const { instanceType, zone, capacityType } = node;
  return instanceType === undefined || zone === undefined || capacityType === undefined
    ? undefined
    : { instanceType, zone, capacityType };
}

/** A text that is the same for equal offerings. */
export function offeringKey({ instanceType, zone, capacityType }: OfferingRef): string {
  return `${instanceType}|${zone}|${capacityType}`;
}
