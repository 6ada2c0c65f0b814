import {
  actsInNamespace,
  type ContainerUsage,
  type Draft,
  type DraftGroup,
  defineEngine,
  type Reason,
  type Rejection,
  type Subject,
  subjectKey,
  workloadKey,
  workloadRef,
} from '@cloudoptim/core';
import { z } from 'zod';
import { isVerified } from './is-verified.js';
import { loweredRequests } from './lowered-requests.js';

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
    const scaled = new Set(cluster.horizontalPodAutoscalers.map(({ target }) => workloadKey(target)));
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
      const subject: Subject = { kind: 'container', workload: workloadRef(ref), container: name };
      const reject = (reason: Reason) => rejections.push({ reason, subjects: [subject] });
      const workload = workloads.get(workloadKey(ref));
      const template = cluster.podTemplates[workload?.successorTemplate ?? -1];
      const now = template?.containers.find((each) => each.name === name)?.requests;
      const isFree = workload?.kind === 'Deployment' && workload.rollout === 'stable' && workload.gitOps === undefined;
      const resize =
        now !== undefined && isFree && !scaled.has(workloadKey(ref)) ? loweredRequests(now, entries, options) : notOurs;
      if (!actsInNamespace(policy, ref.namespace)) reject(elsewhere);
      else if ('code' in resize) reject(resize);
      else {
        const action: Draft = {
          kind: 'resize-workload',
          workload: workloadRef(workload ?? ref),
          method: 'rollout',
          containers: [{ name, ...resize }],
          reasons: [overRequested],
        };
        // New requests are a new template: where its rollout would get stuck, the container keeps what it has.
        if (await isVerified(request, [...groups, { actions: [action] }], context)) groups.push({ actions: [action] });
        else reject(wouldGetStuck);
      }
    }
    return { groups, rejections };
  },
});

const overRequested: Reason = { code: 'over-requested', message: 'It requests more than its usage and the margin.' };
const notOurs: Reason = {
  code: 'not-ours-to-change',
  message: 'It rolls out, is managed by others or was not listed.',
};
const wouldGetStuck: Reason = { code: 'rollout-does-not-fit', message: 'Its pods could not be replaced one by one.' };
const elsewhere: Reason = { code: 'namespace-excluded', message: 'The policy does not act in its namespace.' };
