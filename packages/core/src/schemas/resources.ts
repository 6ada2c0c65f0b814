import { z } from 'zod';
import type { NodeResources, ResourceAmounts } from '../resources.js';
import { amountSchema, optional, record } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';

const amounts = () => ({
  cpuMillicores: amountSchema(),
  memoryBytes: amountSchema(),
  ephemeralStorageBytes: optional(amountSchema()),
  extended: optional(record(amountSchema())),
});

export const resourceAmountsSchema = lazy(() => schemaOf<ResourceAmounts>('ResourceAmounts')(z.object(amounts())));

export const nodeResourcesSchema = lazy(() =>
  schemaOf<NodeResources>('NodeResources')(z.object({ ...amounts(), pods: amountSchema() })),
);
