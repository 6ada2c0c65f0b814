import {
  type ContainerUsage,
  type Draft,
  type DraftGroup,
  defineEngine,
  type Reason,
  type Rejection,
  type ResourceAmounts,
  type Subject,
  subjectKey,
  workloadKey,
  workloadRef,
} from '@cloudoptim/core';
import { z } from 'zod';
import { isVerified } from './is-verified.js';

/** Decides on containers' requests, from usage history: the 90th percentile plus 15 %, as the Vertical Pod Autoscaler does. */
export const rightsizeRequests = defineEngine({
  id: 'example-rightsize-requests',
  version: '1.0.0',
  contractVersion: 'v1',
  description: 'Lowers requests to the 90th percentile of usage plus a margin.',
  considers: ['containers'],
  requires: ['cluster', 'usage'],
  options: z.object({
    margin: z.number().min(0).default(0.15).describe('On top of the percentile, as a share.'),
    minDays: z.number().min(0).default(7).describe('Less history than this is not enough.'),
  }),
  async decide(request, context) {
    const { cluster, usage, policy, options } = request;
    const workloads = new Map(cluster.workloads.map((workload) => [workloadKey(workload), workload]));
    const containers = new Map<string, ContainerUsage[]>();
    for (const entry of usage.containers) {
      const key = subjectKey({ kind: 'container', workload: entry.workload, container: entry.container });
      containers.set(key, [...(containers.get(key) ?? []), entry]);
    }
    const groups: DraftGroup[] = [];
    const rejections: Rejection[] = [];
    for (const entries of containers.values()) {
      await context.spend(1);
      const [{ workload: ref, container: name }] = entries as [ContainerUsage];
      const workload = workloads.get(workloadKey(ref));
      const container = cluster.podTemplates[workload?.successorTemplate ?? -1]?.containers.find(
        (each) => each.name === name,
      );
      const { include, exclude } = policy.namespaces;
      const isOurs = !exclude.includes(ref.namespace) && (include.length === 0 || include.includes(ref.namespace));
      const isReady = workload?.rollout === 'stable' && workload.kind === 'Deployment' && workload.gitOps === undefined;
      const hasAutoscaler = cluster.horizontalPodAutoscalers.some(
        ({ target }) => workloadKey(target) === workloadKey(ref),
      );
      const target = container && targetOf(container.requests, entries, options);
      const reason = !isOurs
        ? elsewhere
        : !isReady || hasAutoscaler
          ? notNow
          : target === undefined
            ? tooLittleKnown
            : target;
      const subject: Subject = { kind: 'container', workload: workloadRef(ref), container: name };
      if ('code' in reason || container === undefined || workload === undefined) {
        rejections.push({ reason: 'code' in reason ? reason : notNow, subjects: [subject] });
        continue;
      }
      const resize = { name, requests: reason, prior: { requests: container.requests } };
      const action: Draft = {
        kind: 'resize-workload',
        workload: workloadRef(workload),
        method: 'rollout',
        containers: [resize],
        reasons: [overRequested],
      };
      // New requests are a new template: where its rollout would get stuck, the container keeps what it has.
      if (await isVerified(request, [...groups, { actions: [action] }], context)) groups.push({ actions: [action] });
      else rejections.push({ reason: wouldGetStuck, subjects: [subject] });
    }
    return { groups, rejections };
  },
});

/** New requests, a reason when they are as they should be, undefined when too little is known. Only ever lowers. */
function targetOf(
  now: ResourceAmounts,
  entries: readonly ContainerUsage[],
  { margin, minDays }: { readonly margin: number; readonly minDays: number },
): ResourceAmounts | Reason | undefined {
  const target: { -readonly [K in keyof ResourceAmounts]: ResourceAmounts[K] } = { ...now };
  for (const { resource, histogram, sinceMs, untilMs, outOfMemoryKills = 0 } of entries) {
    const total = histogram.weight.reduce((sum, weight) => sum + weight, 0);
    if (total <= 0 || untilMs - sinceMs < minDays * 86_400_000 || outOfMemoryKills > 0) return undefined;
    let reached = 0;
    const at = histogram.bucket.find((_, index) => {
      reached += histogram.weight[index] ?? 0;
      return reached >= total * 0.9;
    });
    // Cores are kept as millicores here.
    const wanted = Math.ceil(bucketEnd(resource, at ?? 0) * (1 + margin));
    // A tenth is not worth restarting pods for.
    if (wanted < now[resource] * 0.9) target[resource] = wanted;
  }
  return target.cpuMillicores === now.cpuMillicores && target.memoryBytes === now.memoryBytes ? asItShould : target;
}

/** Upper bound of a bucket of VPA's histograms: the first is 10 millicores or 10 MB wide, each 5 % wider than the last. */
function bucketEnd(resource: ContainerUsage['resource'], bucket: number): number {
  let width = resource === 'cpuMillicores' ? 10 : 10_000_000;
  let end = 0;
  for (let index = 0; index <= bucket; index++) {
    end += width;
    width *= 1.05;
  }
  return end;
}

const overRequested: Reason = {
  code: 'over-requested',
  message: 'It requests more than its 90th percentile plus the margin.',
};
const asItShould: Reason = {
  code: 'requests-fit',
  message: 'Its requests are within a tenth of what it needs, or below.',
};
const tooLittleKnown: Reason = {
  code: 'not-enough-data',
  message: 'Its history is too short, empty or has out-of-memory kills.',
};
const notNow: Reason = {
  code: 'not-ours-to-change',
  message: 'It is rolling out, is managed by others, or was not listed.',
};
const wouldGetStuck: Reason = { code: 'rollout-does-not-fit', message: 'Its pods could not be replaced one by one.' };
const elsewhere: Reason = { code: 'namespace-excluded', message: 'The policy does not act in its namespace.' };
