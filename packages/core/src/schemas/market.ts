import { z } from 'zod';
import type { InstanceType, InterruptionRisk, Market, Offering, OfferingRef } from '../market.js';
import { capacityTypeSchema } from './node.js';
import {
  amountSchema,
  instantSchema,
  nonNegativeSchema,
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

export const offeringRefSchema = lazy(() => schemaOf<OfferingRef>()(z.object(reference())));

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
      listUsdPerHour: usdPerHourSchema().nullable().exactOptional(),
      priceSource: z.string().exactOptional(),
      priceAsOfMs: instantSchema().exactOptional(),
      supply: amountSchema().exactOptional(),
      risk: z.array(interruptionRiskSchema()).exactOptional(),
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
      labels: stringRecordSchema().exactOptional(),
      volumeLimit: amountSchema().exactOptional(),
    }),
  ),
);

export const marketSchema = lazy(() =>
  schemaOf<Market>()(
    z.object({
      schema: z.literal('market/v1'),
      asOfMs: instantSchema(),
      region: z.string().exactOptional(),
      currency: z.literal('USD'),
      offerings: z.array(offeringSchema()),
      instanceTypes: z.array(instanceTypeSchema()),
    }),
  ),
);
