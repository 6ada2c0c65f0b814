import { z } from 'zod';
import type { InstanceType, InterruptionRisk, Market, Offering, OfferingRef } from '../market.js';
import { capacityTypeSchema } from './node.js';
import {
  amountSchema,
  instantSchema,
  nonNegativeSchema,
  optional,
  shareSchema,
  stringRecordSchema,
  usdPerHourSchema,
} from './primitives.js';
import { nodeResourcesSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';

const reference = () => ({
  instanceType: z.string().min(1),
  zone: z.string().min(1),
  capacityType: capacityTypeSchema(),
});

export const offeringRefSchema = lazy(() => schemaOf<OfferingRef>('OfferingRef')(z.object(reference())));

/** As a draft names it: with the most that may be paid. */
export const rankedOfferingShape = () => ({ ...reference(), priceCapUsdPerHour: usdPerHourSchema() });

const interruptionRiskSchema = lazy(() =>
  schemaOf<InterruptionRisk>()(
    z.object({
      horizonHours: nonNegativeSchema(),
      probability: shareSchema(),
      lower: shareSchema(),
      upper: shareSchema(),
      source: z.string(),
    }),
  ),
);

const offeringSchema = lazy(() =>
  schemaOf<Offering>()(
    z.object({
      ...reference(),
      priceUsdPerHour: usdPerHourSchema().nullable(),
      listUsdPerHour: optional(usdPerHourSchema().nullable()),
      priceSource: optional(z.string()),
      priceAsOfMs: optional(instantSchema()),
      supply: optional(amountSchema()),
      risk: optional(z.array(interruptionRiskSchema())),
    }),
  ),
);

const instanceTypeSchema = lazy(() =>
  schemaOf<InstanceType>()(
    z.object({
      name: z.string().min(1),
      architecture: z.enum(['amd64', 'arm64']),
      vcpu: nonNegativeSchema(),
      memoryBytes: amountSchema(),
      allocatable: nodeResourcesSchema(),
      labels: optional(stringRecordSchema()),
      volumeLimit: optional(amountSchema()),
    }),
  ),
);

export const marketSchema = lazy(() =>
  schemaOf<Market>()(
    z.object({
      schema: z.literal('market/v1'),
      asOfMs: instantSchema(),
      region: optional(z.string()),
      currency: z.literal('USD'),
      offerings: z.array(offeringSchema()),
      instanceTypes: z.array(instanceTypeSchema()),
    }),
  ),
);
