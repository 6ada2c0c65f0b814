import { apps, daemonSets } from './apps.mjs';
import { hash, suffix, uid } from './identity.mjs';
import { daysBefore } from './nodes.mjs';
import { labelsOf, podSpec, podTemplate, selector } from './pod-spec.mjs';

const priorities = {
  'business-critical': 100000,
  'system-cluster-critical': 2000000000,
  'system-node-critical': 2000001000,
};

/** Deployments with their ReplicaSets, StatefulSets and DaemonSets, and the pods that they own. */
export function workloadObjects(placed, nodes, takenAt) {
  const result = { deployments: [], replicaSets: [], statefulSets: [], daemonSets: [], pods: [] };
  for (const app of apps) {
    if (app.kind === 'StatefulSet') addStatefulSet(app, placed.get(app));
    else addDeployment(app, placed.get(app));
  }
  for (const agent of daemonSets) addDaemonSet(agent);
  return result;

  function addDeployment(app, where) {
    const updated = app.rollout?.updated ?? app.replicas;
    const ready = app.rollout?.ready ?? app.replicas;
    const owner = uid(`deployment/${app.namespace}/${app.name}`);
    const template = podTemplate(app);
    result.deployments.push({
      metadata: meta(app, owner, {
        generation: 4,
        annotations: { 'deployment.kubernetes.io/revision': '4', ...app.workloadAnnotations },
      }),
      spec: {
        replicas: app.replicas,
        selector: { matchLabels: selector(app) },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template,
      },
      status: {
        observedGeneration: 4,
        replicas: app.replicas,
        updatedReplicas: updated,
        readyReplicas: ready,
        availableReplicas: ready,
        ...(ready < app.replicas ? { unavailableReplicas: app.replicas - ready } : {}),
        conditions: [
          { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
          { type: 'Progressing', status: 'True', reason: app.rollout ? 'ReplicaSetUpdated' : 'NewReplicaSetAvailable' },
        ],
      },
    });
    // Two ReplicaSets during a rollout: the current one and the one that it replaces.
    const counts = app.rollout ? [updated, app.replicas - updated] : [app.replicas];
    let next = 0;
    counts.forEach((count, age) => {
      const revision = suffix(`${app.namespace}/${app.name}/revision-${4 - age}`, 10);
      const name = `${app.name}-${revision}`;
      const set = uid(`replicaset/${app.namespace}/${name}`);
      const isNew = app.rollout !== undefined && age === 0;
      result.replicaSets.push({
        metadata: {
          ...meta(app, set, { generation: 1, annotations: { 'deployment.kubernetes.io/revision': String(4 - age) } }),
          name,
          labels: { ...labelsOf(app), 'pod-template-hash': revision },
          ownerReferences: [ownerReference('apps/v1', 'Deployment', app.name, owner)],
        },
        spec: {
          replicas: count,
          selector: { matchLabels: { ...selector(app), 'pod-template-hash': revision } },
          template: {
            ...template,
            metadata: { ...template.metadata, labels: { ...labelsOf(app), 'pod-template-hash': revision } },
          },
        },
        status: {
          observedGeneration: 1,
          replicas: count,
          readyReplicas: isNew ? 0 : count,
          availableReplicas: isNew ? 0 : count,
        },
      });
      for (let i = 0; i < count; i++) {
        result.pods.push(
          pod(app, where[next++], {
            name: `${name}-${suffix(`${name}/${i}`, 5)}`,
            labels: { ...labelsOf(app), 'pod-template-hash': revision },
            owner: ownerReference('apps/v1', 'ReplicaSet', name, set),
            ready: !isNew,
          }),
        );
      }
    });
  }

  function addStatefulSet(app, where) {
    const owner = uid(`statefulset/${app.namespace}/${app.name}`);
    const revision = `${app.name}-${suffix(`${app.namespace}/${app.name}/sts`, 10)}`;
    result.statefulSets.push({
      metadata: meta(app, owner, { generation: 2 }),
      spec: {
        replicas: app.replicas,
        serviceName: app.name,
        selector: { matchLabels: selector(app) },
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        template: podTemplate(app),
        ...(hasVolume(app) ? { volumeClaimTemplates: [claimTemplate(app)] } : {}),
      },
      status: {
        observedGeneration: 2,
        replicas: app.replicas,
        readyReplicas: app.replicas,
        availableReplicas: app.replicas,
        currentReplicas: app.replicas,
        updatedReplicas: app.replicas,
        currentRevision: revision,
        updateRevision: revision,
      },
    });
    where.forEach((node, i) => {
      const name = `${app.name}-${i}`;
      const identity = { 'apps.kubernetes.io/pod-index': String(i), 'statefulset.kubernetes.io/pod-name': name };
      result.pods.push(
        pod(app, node, {
          name,
          labels: { ...labelsOf(app), ...identity, 'controller-revision-hash': revision },
          owner: ownerReference('apps/v1', 'StatefulSet', app.name, owner),
          volumes: hasVolume(app) ? [{ name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } }] : [],
        }),
      );
    });
  }

  function addDaemonSet(agent) {
    const app = { ...agent, kind: 'DaemonSet', namespace: 'kube-system', replicas: nodes.length };
    const owner = uid(`daemonset/kube-system/${agent.name}`);
    const revision = suffix(`daemonset/${agent.name}`, 10);
    result.daemonSets.push({
      metadata: meta(app, owner, { generation: 1 }),
      spec: {
        selector: { matchLabels: selector(app) },
        template: podTemplate(app),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%', maxSurge: 0 } },
      },
      status: {
        observedGeneration: 1,
        currentNumberScheduled: nodes.length,
        desiredNumberScheduled: nodes.length,
        numberReady: nodes.length,
        numberAvailable: nodes.length,
        updatedNumberScheduled: nodes.length,
        numberMisscheduled: 0,
      },
    });
    for (const node of nodes) {
      const only = pod(app, node, {
        name: `${agent.name}-${suffix(`${agent.name}/${node.name}`, 5)}`,
        labels: { ...labelsOf(app), 'controller-revision-hash': revision, 'pod-template-generation': '1' },
        owner: ownerReference('apps/v1', 'DaemonSet', agent.name, owner),
      });
      // The DaemonSet controller pins each pod to its node this way.
      only.spec.affinity = {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.name] }] }],
          },
        },
      };
      result.pods.push(only);
    }
  }

  function meta(app, id, rest) {
    return {
      name: app.name,
      namespace: app.namespace,
      uid: id,
      resourceVersion: String(600000 + (hash(id) % 90000)),
      creationTimestamp: daysBefore(takenAt, 30 + (hash(id) % 300)),
      labels: labelsOf(app),
      ...rest,
    };
  }

  function pod(app, node, { name, labels, owner, volumes = [], ready = true }) {
    const id = uid(`pod/${app.namespace}/${name}`);
    const created = daysBefore(takenAt, 1 + (hash(id) % 3));
    const spec = podSpec(app);
    const token = `kube-api-access-${suffix(id, 5)}`;
    const unready = { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: created };
    return {
      metadata: {
        name,
        namespace: app.namespace,
        uid: id,
        resourceVersion: String(700000 + (hash(id) % 90000)),
        creationTimestamp: created,
        labels,
        ...(app.annotations ? { annotations: app.annotations } : {}),
        ...(owner ? { ownerReferences: [owner] } : {}),
      },
      spec: {
        ...spec,
        nodeName: node.name,
        volumes: [
          ...spec.volumes,
          ...volumes,
          { name: token, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
        ],
        tolerations: [
          ...(spec.tolerations ?? []),
          ...(app.kind === 'DaemonSet'
            ? []
            : ['not-ready', 'unreachable'].map((what) => ({
                key: `node.kubernetes.io/${what}`,
                operator: 'Exists',
                effect: 'NoExecute',
                tolerationSeconds: 300,
              }))),
        ],
        ...(app.priority ? { priority: priorities[app.priority] } : { priority: 0 }),
        serviceAccountName: 'default',
      },
      status: {
        phase: 'Running',
        qosClass: 'Burstable',
        startTime: created,
        conditions: [
          { type: 'PodScheduled', status: 'True', lastTransitionTime: created },
          { type: 'Initialized', status: 'True', lastTransitionTime: created },
          ready ? { type: 'Ready', status: 'True', lastTransitionTime: created } : unready,
        ],
      },
    };
  }
}

export function hasVolume(app) {
  return app.volume !== undefined || app.localVolume !== undefined;
}

function claimTemplate(app) {
  return {
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: app.localVolume ? 'local-nvme' : 'gp3',
      resources: { requests: { storage: `${app.volume ?? app.localVolume}Gi` } },
    },
  };
}

function ownerReference(apiVersion, kind, name, id) {
  return { apiVersion, kind, name, uid: id, controller: true, blockOwnerDeletion: true };
}
