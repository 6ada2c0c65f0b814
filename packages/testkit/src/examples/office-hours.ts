import {
  actsInNamespace,
  type Draft,
  type DraftGroup,
  defineEngine,
  type JsonValue,
  type Reason,
  type Rejection,
  workloadKey,
  workloadRef,
} from '@cloudoptim/core';
import { z } from 'zod';
import { isVerified } from './is-verified.js';

/**
 * Decides on replicas, from the clock: scales Deployments of chosen namespaces to zero outside office hours and back to what
 * they had. What they had is in `memory`, since by morning the cluster no longer knows.
 */
export const officeHours = defineEngine({
  id: 'example-office-hours',
  version: '1.0.0',
  contractVersion: 'v1',
  description: 'Scales workloads to zero outside office hours.',
  considers: ['replicas'],
  requires: ['cluster'],
  options: z.object({
    namespaces: z.array(z.string()).default(['team-a']).describe('Whose Deployments sleep at night.'),
    fromHour: z.number().int().min(0).max(23).default(8).describe('First hour of the working day, UTC.'),
    untilHour: z.number().int().min(1).max(24).default(18).describe('Hour in which the working day is over, UTC.'),
  }),
  async decide(request, context) {
    const { cluster, policy, options, memory } = request;
    const date = new Date(context.now);
    const isWeekday = date.getUTCDay() >= 1 && date.getUTCDay() <= 5;
    const isOpen = isWeekday && date.getUTCHours() >= options.fromHour && date.getUTCHours() < options.untilHour;
    const prior = new Map(Array.isArray(memory) ? (memory as [string, number][]) : []);
    const scaled = new Set(cluster.horizontalPodAutoscalers.map(({ target }) => workloadKey(target)));
    const groups: DraftGroup[] = [];
    const rejections: Rejection[] = [];
    for (const workload of cluster.workloads) {
      const { kind, namespace, replicas: from, rollout, gitOps } = workload;
      if (from === undefined) continue;
      await context.spend(1);
      const key = workloadKey(workload);
      const isOurs = options.namespaces.includes(namespace) && actsInNamespace(policy, namespace);
      const isFree = kind === 'Deployment' && rollout === 'stable' && gitOps === undefined && !scaled.has(key);
      const to = isOpen ? Math.max(from, prior.get(key) ?? 0) : 0;
      const reason = !isOurs ? notChosen : !isFree ? managedElsewhere : to === from ? asItShould : undefined;
      const why: Reason = isOpen ? opening : closing;
      const action: Draft = { kind: 'scale-workload', workload: workloadRef(workload), from, to, reasons: [why] };
      const next = [...groups, { actions: [action] }];
      if (reason === undefined && (await isVerified(request, next, context))) {
        groups.push({ actions: [action] });
        if (isOpen) prior.delete(key);
        else prior.set(key, from);
      } else {
        rejections.push({
          reason: reason ?? refused,
          subjects: [{ kind: 'workload', workload: workloadRef(workload) }],
        });
      }
    }
    return { groups, rejections, memory: [...prior] as unknown as JsonValue };
  },
});

const notChosen: Reason = { code: 'namespace-not-chosen', message: 'Its namespace keeps no office hours here.' };
const managedElsewhere: Reason = { code: 'not-ours-to-scale', message: 'It rolls out, or others set its replicas.' };
const asItShould: Reason = { code: 'as-scheduled', message: 'It has the replicas that the hour asks for.' };
const refused: Reason = { code: 'would-be-refused', message: 'Policy, quota or a lack of room forbid scaling it now.' };
const opening: Reason = { code: 'office-opens', message: 'The working day begins: it gets back what it had.' };
const closing: Reason = {
  code: 'office-closed',
  message: 'Nobody works at this hour: it scales to zero until morning.',
};
