import { suffix, uid } from './identity.mjs';
import { daysBefore, nodes } from './nodes.mjs';

/** The pods that no table row describes: one made by hand, a finished job's and one still running. */
export function oddPods(takenAt) {
  const at = (key) => nodes.find((node) => node.key === key).name;
  return [
    oddPod('checkout-dev', 'debug-shell', at('trap-bare-pod'), 'Running', undefined, takenAt),
    oddPod(
      'data-prod',
      `daily-report-29333940-${suffix('daily-report', 5)}`,
      at('general-3'),
      'Succeeded',
      'daily-report-29333940',
      takenAt,
    ),
    oddPod(
      'ml-prod',
      `nightly-embedding-29333520-${suffix('nightly', 5)}`,
      at('batch-1'),
      'Running',
      'nightly-embedding-29333520',
      takenAt,
    ),
  ];
}

export function jobObjects(takenAt) {
  const job = (namespace, name, done) => ({
    metadata: {
      name: `${name}-${done ? 29333940 : 29333520}`,
      namespace,
      uid: uid(`job/${namespace}/${name}-${done ? 29333940 : 29333520}`),
      creationTimestamp: daysBefore(takenAt, 0.3),
      labels: { 'app.kubernetes.io/name': name },
      generation: 1,
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          name,
          uid: uid(`cronjob/${namespace}/${name}`),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { parallelism: 1, completions: 1, backoffLimit: 2, template: jobTemplate(name) },
    status: done
      ? {
          succeeded: 1,
          startTime: daysBefore(takenAt, 0.3),
          completionTime: daysBefore(takenAt, 0.2),
          conditions: [{ type: 'Complete', status: 'True' }],
        }
      : { active: 1, ready: 1, startTime: daysBefore(takenAt, 0.3) },
  });
  const cron = (namespace, name, schedule) => ({
    metadata: {
      name,
      namespace,
      uid: uid(`cronjob/${namespace}/${name}`),
      creationTimestamp: daysBefore(takenAt, 100),
      generation: 1,
    },
    spec: {
      schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      jobTemplate: { spec: { parallelism: 1, completions: 1, template: jobTemplate(name) } },
    },
    status: { lastScheduleTime: daysBefore(takenAt, 0.3) },
  });
  return {
    jobs: [job('data-prod', 'daily-report', true), job('ml-prod', 'nightly-embedding', false)],
    cronJobs: [cron('data-prod', 'daily-report', '0 3 * * *'), cron('ml-prod', 'nightly-embedding', '30 2 * * *')],
  };
}

function jobTemplate(name) {
  return {
    metadata: { labels: { 'app.kubernetes.io/name': name } },
    spec: {
      restartPolicy: 'Never',
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'batch', effect: 'NoSchedule' }],
      containers: [{ name, image: `batch/${name}:3`, resources: { requests: { cpu: '500m', memory: '1Gi' } } }],
    },
  };
}

function oddPod(namespace, name, nodeName, phase, job, takenAt) {
  const created = daysBefore(takenAt, 0.25);
  return {
    metadata: {
      name,
      namespace,
      uid: uid(`pod/${namespace}/${name}`),
      creationTimestamp: created,
      labels: job
        ? { 'app.kubernetes.io/name': job.replace(/-\d+$/, ''), 'batch.kubernetes.io/job-name': job }
        : { run: name },
      ...(job
        ? {
            ownerReferences: [
              {
                apiVersion: 'batch/v1',
                kind: 'Job',
                name: job,
                uid: uid(`job/${namespace}/${job}`),
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          }
        : {}),
    },
    spec: {
      nodeName,
      ...jobTemplate(name).spec,
      restartPolicy: job ? 'Never' : 'Always',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      priority: 0,
      ...(job
        ? {}
        : { containers: [{ name, image: 'busybox:1.37', resources: { requests: { cpu: '200m', memory: '128Mi' } } }] }),
    },
    status: {
      phase,
      qosClass: 'Burstable',
      startTime: created,
      conditions: [{ type: 'Ready', status: phase === 'Running' ? 'True' : 'False', lastTransitionTime: created }],
    },
  };
}
