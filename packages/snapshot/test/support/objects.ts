import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1.js';
import type { Node, Pod, PodSpec } from 'kubernetes-types/core/v1.js';
import type { OwnerReference } from 'kubernetes-types/meta/v1.js';

/** Small Kubernetes objects as the API server would give them, with a way to change any part. */

type Changes<T> = { readonly [K in keyof T]?: unknown };

export const someTime = '2026-03-01T10:00:00Z';
export const someTimeMs = Date.parse(someTime);

export function node(
  name: string,
  changes: { labels?: Record<string, string>; annotations?: Record<string, string> } & Changes<Node> = {},
): Node {
  const { labels = {}, annotations, ...rest } = changes;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: someTime,
      labels: { 'kubernetes.io/hostname': name, ...labels },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {},
    status: {
      allocatable: { cpu: '4', memory: '16Gi', pods: '58' },
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: someTime, lastHeartbeatTime: someTime }],
    },
    ...(rest as Partial<Node>),
  };
}

export interface PodChanges {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly owner?: OwnerReference;
  readonly metadata?: Record<string, unknown>;
  readonly spec?: Partial<PodSpec> & Record<string, unknown>;
  readonly status?: Record<string, unknown>;
}

export function pod(name: string, changes: PodChanges = {}): Pod {
  const { namespace = 'shop', labels = {}, annotations, owner, metadata, spec, status } = changes;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      creationTimestamp: someTime,
      labels,
      ...(annotations === undefined ? {} : { annotations }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
      ...metadata,
    },
    spec: { containers: [container('app', '100m', '128Mi')], ...spec },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...status },
  };
}

export function container(name: string, cpu?: string, memory?: string, changes: Record<string, unknown> = {}) {
  const requests = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  return { name, image: `example/${name}`, resources: { requests }, ...changes };
}

export function ownedBy(kind: string, name: string, apiVersion = 'apps/v1'): OwnerReference {
  return { apiVersion, kind, name, uid: `uid-${kind}-${name}`, controller: true };
}

export interface DeploymentChanges {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly metadata?: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
  readonly podSpec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
}

/** A Deployment at rest: its ReplicaSet is `<name>-<hash>` of revision 1. */
export function deployment(name: string, changes: DeploymentChanges = {}): Deployment {
  const { namespace = 'shop', labels = {}, annotations = {}, metadata, spec, podSpec, status } = changes;
  const made = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      uid: `uid-Deployment-${name}`,
      creationTimestamp: someTime,
      generation: 1,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1', ...annotations },
      ...metadata,
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [container('app', '100m', '128Mi')], ...podSpec },
      },
      ...spec,
    },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, ...status },
  };
  return made as Deployment;
}

export function replicaSet(
  deploymentName: string,
  hash: string,
  changes: { namespace?: string; revision?: string; replicas?: number; owner?: OwnerReference } = {},
): ReplicaSet {
  const { namespace = 'shop', revision = '1', replicas = 1 } = changes;
  const labels = { app: deploymentName, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deploymentName}-${hash}`,
      namespace,
      uid: `uid-ReplicaSet-${deploymentName}-${hash}`,
      creationTimestamp: someTime,
      generation: 1,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': revision },
      ownerReferences: [changes.owner ?? ownedBy('Deployment', deploymentName)],
    },
    spec: { replicas, selector: { matchLabels: labels } },
    status: { observedGeneration: 1, replicas },
  };
}

/** A pod of `replicaSet(deploymentName, hash)`. */
export function deploymentPod(name: string, deploymentName: string, hash: string, changes: PodChanges = {}): Pod {
  return pod(name, {
    ...changes,
    labels: { app: deploymentName, 'pod-template-hash': hash, ...changes.labels },
    owner: ownedBy('ReplicaSet', `${deploymentName}-${hash}`),
  });
}
