import {
  type Draft,
  defineEngine,
  type JsonValue,
  type Reason,
  type Rejection,
  workloadKey,
  workloadRef,
} from '@cloudoptim/core';
import { z } from 'zod';

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
  async decide({ cluster, policy, options, memory }, { now, spend }) {
    const date = new Date(now);
    const isWeekday = date.getUTCDay() >= 1 && date.getUTCDay() <= 5;
    const isOpen = isWeekday && date.getUTCHours() >= options.fromHour && date.getUTCHours() < options.untilHour;
    const prior = new Map(Array.isArray(memory) ? (memory as [string, number][]) : []);
    const scaled = new Set(cluster.horizontalPodAutoscalers.map(({ target }) => workloadKey(target)));
    const { include, exclude } = policy.namespaces;
    const groups: { actions: Draft[] }[] = [];
    const rejections: Rejection[] = [];
    for (const workload of cluster.workloads) {
      const { kind, namespace, replicas: from, rollout, gitOps } = workload;
      if (from === undefined) continue;
      await spend(1);
      const key = workloadKey(workload);
      const isOurs =
        options.namespaces.includes(namespace) &&
        !exclude.includes(namespace) &&
        (include.length === 0 || include.includes(namespace));
      const isFree = kind === 'Deployment' && rollout === 'stable' && gitOps === undefined && !scaled.has(key);
      const to = isOpen ? Math.max(from, prior.get(key) ?? 0) : 0;
      const reason = !isOurs ? notChosen : !isFree ? managedElsewhere : to === from ? asItShould : undefined;
      if (reason !== undefined) {
        rejections.push({ reason, subjects: [{ kind: 'workload', workload: workloadRef(workload) }] });
        continue;
      }
      if (isOpen) prior.delete(key);
      else prior.set(key, from);
      const why: Reason = isOpen ? opening : closing;
      groups.push({ actions: [{ kind: 'scale-workload', workload: workloadRef(workload), from, to, reasons: [why] }] });
    }
    return { groups, rejections, memory: [...prior] as unknown as JsonValue };
  },
});

const notChosen: Reason = { code: 'namespace-not-chosen', message: 'Its namespace keeps no office hours here.' };
const managedElsewhere: Reason = {
  code: 'not-ours-to-scale',
  message: 'It is rolling out, or something else sets its replicas.',
};
const asItShould: Reason = { code: 'as-scheduled', message: 'It has the replicas that the hour asks for.' };
const opening: Reason = {
  code: 'office-opens',
  message: 'The working day has begun: it gets back the replicas it had.',
};
const closing: Reason = {
  code: 'office-closed',
  message: 'Nobody works at this hour: it scales to zero until morning.',
};
