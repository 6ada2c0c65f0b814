import { z } from 'zod';
import type { ClusterState } from '../cluster-state.js';
import { issueLimit } from '../errors/issue.js';
import {
  admissionWebhookSchema,
  coverageEntrySchema,
  deviceClassSchema,
  horizontalPodAutoscalerSchema,
  limitRangeSchema,
  namespaceSchema,
  podDisruptionBudgetSchema,
  priorityClassSchema,
  resourceQuotaSchema,
  runtimeClassSchema,
  schedulerFactsSchema,
  serviceBackendSchema,
  serviceSchema,
} from './cluster-objects.js';
import { nodeSchema } from './node.js';
import { nodeClaimSchema, nodeClassSchema, nodeGroupSchema, nodeOverlaySchema, nodePoolSchema } from './node-pool.js';
import { podTemplateSchema } from './pod.js';
import { podTableSchema } from './pod-table.js';
import { amountSchema, instantSchema, optional } from './primitives.js';
import { withinBounds } from './quick-check.js';
import { lazy, schemaOf } from './schema-of.js';
import {
  csiDriverSchema,
  csiStorageCapacitySchema,
  persistentVolumeClaimSchema,
  persistentVolumeSchema,
  storageClassSchema,
  volumeAttachmentSchema,
} from './storage.js';
import { workloadSchema } from './workload.js';

export const clusterStateSchema = lazy(() =>
  schemaOf<ClusterState>()(
    z
      .object({
        schema: z.literal('cluster-state/v1'),
        takenAtMs: instantSchema(),
        clusterId: optional(z.string()),
        kubernetesVersion: optional(z.string()),
        coverage: z.array(coverageEntrySchema()),
        nodes: z.array(nodeSchema()),
        podTemplates: z.array(podTemplateSchema()),
        workloads: z.array(workloadSchema()),
        pods: podTableSchema(),
        namespaces: z.array(namespaceSchema()),
        podDisruptionBudgets: z.array(podDisruptionBudgetSchema()),
        persistentVolumeClaims: z.array(persistentVolumeClaimSchema()),
        persistentVolumes: z.array(persistentVolumeSchema()),
        storageClasses: z.array(storageClassSchema()),
        csiDrivers: z.array(csiDriverSchema()),
        csiStorageCapacities: z.array(csiStorageCapacitySchema()),
        volumeAttachments: z.array(volumeAttachmentSchema()),
        horizontalPodAutoscalers: z.array(horizontalPodAutoscalerSchema()),
        priorityClasses: z.array(priorityClassSchema()),
        runtimeClasses: z.array(runtimeClassSchema()),
        limitRanges: z.array(limitRangeSchema()),
        resourceQuotas: z.array(resourceQuotaSchema()),
        deviceClasses: z.array(deviceClassSchema()),
        dynamicResources: z.object({ claims: amountSchema(), slices: amountSchema() }),
        services: z.array(serviceSchema()),
        serviceBackends: z.array(serviceBackendSchema()),
        admissionWebhooks: z.array(admissionWebhookSchema()),
        nodePools: z.array(nodePoolSchema()),
        nodeClaims: z.array(nodeClaimSchema()),
        nodeClasses: z.array(nodeClassSchema()),
        nodeOverlays: z.array(nodeOverlaySchema()),
        nodeGroups: z.array(nodeGroupSchema()),
        scheduler: schedulerFactsSchema(),
      })
      .superRefine(checkReferences),
  ),
);

/** Every index points at something, and no two nodes share a uid: plans name nodes by it. */
function checkReferences(state: ClusterState, context: z.core.$RefinementCtx<ClusterState>): void {
  // What is not even of the right type points nowhere, and comparing it could throw.
  if (context.issues.length > 0) return;
  let left = issueLimit;
  const report = (path: (string | number)[], message: string) => {
    if (left-- > 0) context.addIssue({ code: 'custom', message, path, input: undefined });
  };
  const { nodes, podTemplates, workloads, pods } = state;
  const lists = [
    ['template', 'podTemplates', podTemplates.length],
    ['workload', 'workloads', workloads.length],
    ['node', 'nodes', nodes.length],
  ] as const;
  for (const [column, list, length] of lists) {
    const indices = pods[column];
    if (withinBounds(indices, -1, length - 1)) continue;
    for (let pod = 0; pod < indices.length && left > 0; pod++) {
      if ((indices[pod] as number) >= length) {
        report(['pods', column, pod], `points beyond the ${length} entries of ${list}`);
      }
    }
  }
  for (const [position, { successorTemplate }] of workloads.entries()) {
    if (successorTemplate >= podTemplates.length) {
      report(
        ['workloads', position, 'successorTemplate'],
        `points beyond the ${podTemplates.length} entries of podTemplates`,
      );
    }
  }
  const seen = new Set<string>();
  for (const [position, { uid }] of nodes.entries()) {
    if (seen.has(uid)) report(['nodes', position, 'uid'], 'is the uid of an earlier node as well; list each node once');
    seen.add(uid);
  }
}
