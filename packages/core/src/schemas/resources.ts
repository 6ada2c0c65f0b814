import { z } from 'zod';
import type { NodeResources, ResourceAmounts } from '../resources.js';
import { amountSchema, record } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';

const amounts = () => ({
  cpuMillicores: amountSchema(),
  memoryBytes: amountSchema(),
  ephemeralStorageBytes: amountSchema().exactOptional(),
  extended: record(amountSchema()).exactOptional(),
});

export const resourceAmountsSchema = lazy(() => schemaOf<ResourceAmounts>()(z.object(amounts())));

export const nodeResourcesSchema = lazy(() =>
  schemaOf<NodeResources>()(z.object({ ...amounts(), pods: amountSchema() })),
);
