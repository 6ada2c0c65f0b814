import type { Draft, JsonValue, Market, NodeOverlay, Offering } from '@cloudoptim/core';
import { capacityTypeKey, instanceTypeKey } from './pool-box.js';

type ConfigureNodeOverlay = Extract<Draft, { kind: 'configure-nodeoverlay' }>;

/**
 * NodeOverlays that tell Karpenter what the account pays where that is not the list price, which is all that Karpenter knows:
 * else it would undo a plan that rests on a discount. On-demand offerings alone: Karpenter reads spot prices every few hours,
 * and one that is written down would be wrong soon.
 */
export function priceOverlays(
  market: Market,
  instanceTypes: ReadonlySet<string>,
  existing: readonly NodeOverlay[],
): ConfigureNodeOverlay[] {
  const known = new Map(existing.map((overlay) => [overlay.name, overlay]));
  // Overlays of equal weight that match the same offering are both invalid.
  const weight = Math.min(
    mostWeight,
    1 + Math.max(0, ...existing.filter(isForeign).map((overlay) => overlay.weight ?? 0)),
  );
  return discounts(market, instanceTypes).flatMap(({ instanceType, usdPerHour, listUsdPerHour, zones }) => {
    const name = `${prefix}${instanceType.replaceAll('.', '-')}${zones === undefined ? '' : `-${zones[0]}`}`;
    const before = known.get(name);
    const spec = specOf(instanceType, zones, String(usdPerHour), weight);
    if (before?.price === String(usdPerHour)) return [];
    return [
      {
        kind: 'configure-nodeoverlay' as const,
        nodeOverlay: name,
        spec,
        prior: before?.price === undefined ? null : specOf(instanceType, zones, before.price, before.weight ?? weight),
        reasons: [
          {
            code: 'price-differs-from-list',
            message: `${instanceType} costs ${usdPerHour} USD an hour here and ${listUsdPerHour} by the list, which Karpenter goes by. Needs its feature gate NodeOverlay.`,
            numbers: { usdPerHour, listUsdPerHour },
          },
        ] as const,
      },
    ];
  });
}

const prefix = 'cloudoptim-price-';
/** Of a NodeOverlay (v1alpha1). */
const mostWeight = 10_000;

function isForeign({ name }: NodeOverlay): boolean {
  return !name.startsWith(prefix);
}

interface Discount {
  readonly instanceType: string;
  readonly usdPerHour: number;
  readonly listUsdPerHour: number;
  /** Absent where it holds in all zones in which the type is offered. */
  readonly zones?: readonly string[];
}

function discounts({ offerings }: Market, instanceTypes: ReadonlySet<string>): Discount[] {
  const byType = new Map<string, Offering[]>();
  for (const offering of offerings) {
    if (offering.capacityType !== 'on-demand' || !instanceTypes.has(offering.instanceType)) continue;
    byType.set(offering.instanceType, [...(byType.get(offering.instanceType) ?? []), offering]);
  }
  const found: Discount[] = [];
  for (const [instanceType, own] of [...byType].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const byPrice = new Map<string, Offering[]>();
    for (const offering of own) {
      const { priceUsdPerHour: price, listUsdPerHour: list } = offering;
      if (price === null || !(price > 0) || list === null || list === undefined || price === list) continue;
      const key = `${price}|${list}`;
      byPrice.set(key, [...(byPrice.get(key) ?? []), offering]);
    }
    for (const alike of byPrice.values()) {
      const [{ priceUsdPerHour, listUsdPerHour }] = alike as [Offering];
      const zones = alike.map(({ zone }) => zone).sort();
      found.push({
        instanceType,
        usdPerHour: priceUsdPerHour as number,
        listUsdPerHour: listUsdPerHour as number,
        ...(alike.length < own.length && { zones }),
      });
    }
  }
  return found;
}

function specOf(instanceType: string, zones: readonly string[] | undefined, price: string, weight: number): JsonValue {
  const among = (key: string, values: readonly string[]) => ({ key, operator: 'In', values: [...values] });
  return {
    weight,
    requirements: [
      among(instanceTypeKey, [instanceType]),
      among(capacityTypeKey, ['on-demand']),
      ...(zones === undefined ? [] : [among('topology.kubernetes.io/zone', zones)]),
    ],
    price,
  };
}
