import type { Projection } from './projection.js';

/**
 * What redaction keeps of each kind: what places pods and what tells their state. Lists of what may stay, not of what must
 * go: an environment variable hides in more places than anyone remembers.
 */

const numbersOfProbe: Projection = {
  initialDelaySeconds: true,
  periodSeconds: true,
  timeoutSeconds: true,
  successThreshold: true,
  failureThreshold: true,
  terminationGracePeriodSeconds: true,
};

/** Names of variables stay, with where their values come from; values go. */
const container: Projection = {
  name: true,
  image: true,
  imagePullPolicy: true,
  resources: { requests: true, limits: true, claims: true },
  resizePolicy: true,
  restartPolicy: true,
  ports: true,
  env: [{ name: true }],
  readinessProbe: numbersOfProbe,
  livenessProbe: numbersOfProbe,
  startupProbe: numbersOfProbe,
};

const volume: Projection = {
  name: true,
  persistentVolumeClaim: true,
  ephemeral: {
    volumeClaimTemplate: { spec: { storageClassName: true, accessModes: true, resources: true, volumeMode: true } },
  },
  csi: { driver: true, readOnly: true },
  awsElasticBlockStore: true,
  emptyDir: true,
  hostPath: true,
  configMap: {},
  secret: {},
  projected: {},
  downwardAPI: {},
};

const podSpec: Projection = {
  containers: [container],
  initContainers: [container],
  volumes: [volume],
  resources: true,
  overhead: true,
  nodeName: true,
  nodeSelector: true,
  affinity: true,
  tolerations: true,
  topologySpreadConstraints: true,
  schedulerName: true,
  schedulingGates: true,
  schedulingGroup: true,
  workloadRef: true,
  hostNetwork: true,
  resourceClaims: true,
  priority: true,
  priorityClassName: true,
  preemptionPolicy: true,
  runtimeClassName: true,
  restartPolicy: true,
  terminationGracePeriodSeconds: true,
  activeDeadlineSeconds: true,
  os: true,
};

const containerStatus: Projection = {
  name: true,
  ready: true,
  restartCount: true,
  resources: true,
  allocatedResources: true,
};

/** Messages repeat what programs print. */
const conditions: Projection = [
  { type: true, status: true, reason: true, lastTransitionTime: true, lastHeartbeatTime: true },
];

/** `metadata` is filtered apart, by redact.ts, here and in pod templates. */
const podTemplate: Projection = { metadata: true, spec: podSpec };

const figures: Projection = {
  replicas: true,
  readyReplicas: true,
  updatedReplicas: true,
  availableReplicas: true,
  currentReplicas: true,
  observedGeneration: true,
  currentRevision: true,
  updateRevision: true,
  desiredNumberScheduled: true,
  currentNumberScheduled: true,
  updatedNumberScheduled: true,
  numberReady: true,
  numberAvailable: true,
  active: true,
  succeeded: true,
  failed: true,
  conditions,
};

const controllerSpec: Projection = {
  replicas: true,
  selector: true,
  template: podTemplate,
  strategy: true,
  updateStrategy: true,
  podManagementPolicy: true,
  paused: true,
  minReadySeconds: true,
  suspend: true,
  parallelism: true,
  completions: true,
  completionMode: true,
  volumeClaimTemplates: [{ metadata: { name: true }, spec: true }],
};
const controller: Projection = { spec: controllerSpec, status: figures };

const webhooks: Projection = {
  webhooks: [
    {
      name: true,
      failurePolicy: true,
      rules: true,
      namespaceSelector: true,
      objectSelector: true,
      clientConfig: { service: { namespace: true, name: true } },
    },
  ],
};

const nodeClass: Projection = {
  spec: {
    amiFamily: true,
    amiSelectorTerms: [{ alias: true }],
    kubelet: true,
    blockDeviceMappings: [{ rootVolume: true, ebs: { volumeSize: true } }],
    ephemeralStorage: { size: true },
  },
  status: { subnets: [{ zone: true }] },
};

/** Foreign plugins may hold anything in their arguments. */
const schedulerPlugin: Projection = {
  name: true,
  args: {
    scoringStrategy: { type: true },
    ignoredResources: true,
    ignoredResourceGroups: true,
    addedAffinity: true,
    defaultingType: true,
    defaultConstraints: true,
  },
};

const shapes: Readonly<Record<string, Projection>> = {
  Namespace: {},
  Node: {
    spec: { providerID: true, taints: true, unschedulable: true },
    status: { capacity: true, allocatable: true, conditions, nodeInfo: true, declaredFeatures: true },
  },
  Pod: {
    spec: podSpec,
    status: {
      phase: true,
      conditions,
      qosClass: true,
      startTime: true,
      nominatedNodeName: true,
      resources: true,
      allocatedResources: true,
      resize: true,
      observedGeneration: true,
      containerStatuses: [containerStatus],
      initContainerStatuses: [containerStatus],
    },
  },
  Deployment: controller,
  ReplicaSet: controller,
  StatefulSet: controller,
  DaemonSet: controller,
  ReplicationController: controller,
  Job: controller,
  CronJob: {
    spec: {
      schedule: true,
      timeZone: true,
      suspend: true,
      concurrencyPolicy: true,
      jobTemplate: { spec: controllerSpec },
    },
  },
  Scale: { spec: { replicas: true }, status: { replicas: true } },
  PodDisruptionBudget: {
    spec: true,
    status: {
      observedGeneration: true,
      disruptionsAllowed: true,
      currentHealthy: true,
      desiredHealthy: true,
      expectedPods: true,
      disruptedPods: true,
    },
  },
  PersistentVolumeClaim: {
    spec: {
      volumeName: true,
      storageClassName: true,
      accessModes: true,
      resources: true,
      selector: true,
      volumeMode: true,
    },
    status: { phase: true },
  },
  PersistentVolume: {
    spec: {
      storageClassName: true,
      accessModes: true,
      capacity: true,
      nodeAffinity: true,
      claimRef: { namespace: true, name: true, uid: true },
      csi: { driver: true, volumeHandle: true },
      awsElasticBlockStore: true,
      local: {},
      hostPath: {},
      volumeMode: true,
    },
    status: { phase: true },
  },
  StorageClass: { provisioner: true, volumeBindingMode: true, allowedTopologies: true, reclaimPolicy: true },
  CSINode: { spec: { drivers: [{ name: true, allocatable: true }] } },
  CSIDriver: { spec: { storageCapacity: true, attachRequired: true } },
  CSIStorageCapacity: { storageClassName: true, nodeTopology: true, capacity: true, maximumVolumeSize: true },
  VolumeAttachment: {
    spec: { attacher: true, nodeName: true, source: { persistentVolumeName: true } },
    status: { attached: true },
  },
  HorizontalPodAutoscaler: {
    spec: true,
    status: { currentReplicas: true, desiredReplicas: true },
  },
  PriorityClass: { value: true, globalDefault: true, preemptionPolicy: true },
  RuntimeClass: { handler: true, overhead: true, scheduling: true },
  LimitRange: { spec: true },
  ResourceQuota: { spec: true, status: { used: true } },
  ResourceClaim: {},
  ResourceSlice: {},
  DeviceClass: { spec: { extendedResourceName: true } },
  Service: { spec: { selector: true, type: true } },
  EndpointSlice: { endpoints: [{ conditions: true, targetRef: { kind: true, namespace: true, name: true } }] },
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
  NodePool: {
    spec: {
      template: {
        metadata: { labels: true },
        spec: {
          taints: true,
          startupTaints: true,
          requirements: true,
          nodeClassRef: true,
          expireAfter: true,
          terminationGracePeriod: true,
        },
      },
      disruption: true,
      limits: true,
      weight: true,
      replicas: true,
    },
    status: { resources: true },
  },
  NodeClaim: {
    spec: { nodeClassRef: true, requirements: true },
    status: { nodeName: true, providerID: true, conditions },
  },
  NodeOverlay: { spec: true },
  KubeSchedulerConfiguration: {
    profiles: [{ schedulerName: true, plugins: true, pluginConfig: [schedulerPlugin] }],
    extenders: [{ filterVerb: true, bindVerb: true }],
  },
  EC2NodeClass: nodeClass,
  NodeClass: nodeClass,
};

/** Of a kind that we do not know nothing is safe but its replicas, by which a custom owner of pods is understood. */
export const unknownKindShape: Projection = {
  spec: { replicas: true },
  status: { readyReplicas: true, observedGeneration: true },
};

export function shapeOf(kind: string): Projection | undefined {
  return Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
}
