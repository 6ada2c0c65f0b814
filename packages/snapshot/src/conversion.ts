import type {
  AdmissionWebhook,
  CsiDriver,
  CsiStorageCapacity,
  DeviceClass,
  HorizontalPodAutoscaler,
  LimitRange,
  Namespace,
  NodeClaim,
  NodeClass,
  NodeCsiDriver,
  NodeOverlay,
  NodePool,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  PriorityClass,
  ResourceQuota,
  RuntimeClass,
  Service,
  ServiceBackend,
  StorageClass,
  VolumeAttachment,
} from '@cloudoptim/core';
import { Collection } from './collection.js';
import { ReportBuilder } from './conversion-report.js';
import { podDisruptionBudget } from './convert/disruption-budget.js';
import { horizontalPodAutoscaler } from './convert/horizontal-pod-autoscaler.js';
import { nodeClaim, nodeClass, nodeOverlay, nodePool } from './convert/karpenter.js';
import { limitRange, priorityClass, resourceQuota, runtimeClass } from './convert/limits.js';
import { type NodeRow, nodeRow, nodeTimeMs } from './convert/node.js';
import { type PodRow, podRow, podTimeMs } from './convert/pod.js';
import {
  isSchedulerConfiguration,
  type SchedulerConfiguration,
  schedulerConfiguration,
} from './convert/scheduler-configuration.js';
import { admissionWebhooks, endpointSlice, service } from './convert/services.js';
import {
  csiDriver,
  csiNodeDrivers,
  csiStorageCapacity,
  persistentVolume,
  persistentVolumeClaim,
  storageClass,
  volumeAttachment,
} from './convert/storage.js';
import { TemplateTable } from './convert/template-table.js';
import { CoverageLedger } from './coverage-ledger.js';
import { DumpObject } from './dump/dump-object.js';
import { expandDocument } from './dump/expand-document.js';
import { FieldError, filledText, isRecord, type Json, record, records, text } from './fields.js';
import { kindOfObject } from './kinds.js';
import { honouredAnnotations, type ObjectMeta, objectMeta } from './object-meta.js';
import type { Writable } from './order.js';
import { serverVersionOf } from './server-version.js';
import { isHeader, readHeader, type SnapshotHeader } from './snapshot-header.js';
import { cronJob, daemonSet, deployment, job, replicaSet, statefulSet } from './workloads/convert-owners.js';
import { customOwnerRow, type OwnerRow, type ScaleRow, scaleRow } from './workloads/owner-row.js';

/** A LimitRange, and its items as written: those tell an absent default from a default of zero. */
export interface LimitRangeRow {
  readonly value: LimitRange;
  readonly items: readonly Json[];
}

type Reader = (object: Json, meta: ObjectMeta) => 'new' | 'same-object' | 'other-object';

/** Everything gathered from a stream of objects, kind by kind; `assembleState` makes a ClusterState of it. */
export class Conversion {
  readonly report = new ReportBuilder();
  readonly coverage = new CoverageLedger();
  readonly templates = new TemplateTable();
  readonly nodes = new Collection<NodeRow>();
  readonly pods = new Collection<PodRow>();
  readonly deployments = new Collection<OwnerRow>();
  readonly statefulSets = new Collection<OwnerRow>();
  readonly daemonSets = new Collection<OwnerRow>();
  readonly replicationControllers = new Collection<OwnerRow>();
  readonly replicaSets = new Collection<OwnerRow>();
  readonly jobs = new Collection<OwnerRow>();
  readonly cronJobs = new Collection<OwnerRow>();
  readonly customOwners = new Map<string, Collection<OwnerRow>>();
  readonly scales: ScaleRow[] = [];
  readonly namespaces = new Collection<Namespace>();
  readonly budgets = new Collection<PodDisruptionBudget>();
  readonly claims = new Collection<PersistentVolumeClaim>();
  readonly volumes = new Collection<PersistentVolume>();
  readonly storageClasses = new Collection<StorageClass>();
  readonly csiNodes = new Collection<readonly NodeCsiDriver[]>();
  readonly csiDrivers = new Collection<CsiDriver>();
  readonly csiStorageCapacities = new Collection<CsiStorageCapacity>();
  readonly volumeAttachments = new Collection<VolumeAttachment>();
  readonly horizontalPodAutoscalers = new Collection<HorizontalPodAutoscaler>();
  readonly priorityClasses = new Collection<PriorityClass>();
  readonly runtimeClasses = new Collection<RuntimeClass>();
  readonly limitRanges = new Collection<LimitRangeRow>();
  readonly resourceQuotas = new Collection<ResourceQuota>();
  readonly resourceClaims = new Collection<true>();
  readonly resourceSlices = new Collection<true>();
  readonly deviceClasses = new Collection<DeviceClass>();
  readonly services = new Collection<Service>();
  readonly endpointSlices = new Collection<ServiceBackend | undefined>();
  readonly validatingWebhooks = new Collection<readonly AdmissionWebhook[]>();
  readonly mutatingWebhooks = new Collection<readonly AdmissionWebhook[]>();
  readonly nodePools = new Collection<NodePool>();
  readonly nodeClaims = new Collection<NodeClaim>();
  readonly nodeClasses = new Collection<NodeClass>();
  readonly nodeOverlays = new Collection<NodeOverlay>();
  /** By their content: the same file twice is one. */
  readonly schedulers = new Map<string, SchedulerConfiguration>();
  header: SnapshotHeader = {};
  serverVersion: string | undefined;
  newestMs = 0;
  private readonly clusterIds = new Set<string>();

  private readonly readers: Readonly<Record<string, Reader>> = {
    Namespace: (object, meta) => this.takeNamespace(object, meta),
    Node: (object, meta) => {
      const row = nodeRow(object, meta);
      this.notice(nodeTimeMs(object));
      const repetition = this.nodes.add(meta, row);
      if (repetition === 'other-object') this.sayTwoClusters(`node ${meta.name} came with two different uids`, meta);
      return repetition;
    },
    Pod: (object, meta) => {
      const row = podRow(object, meta, this.templates);
      this.notice(podTimeMs(object));
      return this.pods.add(meta, row);
    },
    Deployment: (object, meta) => this.deployments.add(meta, deployment(object, meta)),
    StatefulSet: (object, meta) => this.statefulSets.add(meta, statefulSet(object, meta)),
    DaemonSet: (object, meta) => this.daemonSets.add(meta, daemonSet(object, meta)),
    ReplicaSet: (object, meta) => this.replicaSets.add(meta, replicaSet(object, meta)),
    ReplicationController: (object, meta) => this.replicationControllers.add(meta, replicaSet(object, meta)),
    Job: (object, meta) => this.jobs.add(meta, job(object, meta)),
    CronJob: (object, meta) => this.cronJobs.add(meta, cronJob(object, meta)),
    PodDisruptionBudget: (object, meta) => this.budgets.add(meta, podDisruptionBudget(object, meta)),
    PersistentVolumeClaim: (object, meta) => this.claims.add(meta, persistentVolumeClaim(object, meta)),
    PersistentVolume: (object, meta) => this.volumes.add(meta, persistentVolume(object, meta)),
    StorageClass: (object, meta) => this.storageClasses.add(meta, storageClass(object, meta)),
    CSINode: (object, meta) => this.csiNodes.add(meta, csiNodeDrivers(object)),
    CSIDriver: (object, meta) => this.csiDrivers.add(meta, csiDriver(object, meta)),
    CSIStorageCapacity: (object, meta) => this.csiStorageCapacities.add(meta, csiStorageCapacity(object, meta)),
    VolumeAttachment: (object, meta) => this.volumeAttachments.add(meta, volumeAttachment(object, meta)),
    HorizontalPodAutoscaler: (object, meta) =>
      this.horizontalPodAutoscalers.add(meta, horizontalPodAutoscaler(object, meta)),
    PriorityClass: (object, meta) => this.priorityClasses.add(meta, priorityClass(object, meta)),
    RuntimeClass: (object, meta) => this.runtimeClasses.add(meta, runtimeClass(object, meta)),
    LimitRange: (object, meta) =>
      this.limitRanges.add(meta, {
        value: limitRange(object, meta),
        items: records(record(object, 'spec', '') ?? {}, 'limits', 'spec'),
      }),
    ResourceQuota: (object, meta) => this.resourceQuotas.add(meta, resourceQuota(object, meta)),
    ResourceClaim: (_, meta) => this.resourceClaims.add(meta, true),
    ResourceSlice: (_, meta) => this.resourceSlices.add(meta, true),
    DeviceClass: (object, meta) => {
      const served = filledText(record(object, 'spec', '') ?? {}, 'extendedResourceName', 'spec');
      const base = { name: meta.name };
      return this.deviceClasses.add(meta, served === undefined ? base : { ...base, extendedResourceName: served });
    },
    Service: (object, meta) => this.services.add(meta, service(object, meta)),
    EndpointSlice: (object, meta) => this.endpointSlices.add(meta, endpointSlice(object, meta)),
    ValidatingWebhookConfiguration: (object, meta) =>
      this.validatingWebhooks.add(meta, admissionWebhooks(object, 'validating')),
    MutatingWebhookConfiguration: (object, meta) =>
      this.mutatingWebhooks.add(meta, admissionWebhooks(object, 'mutating')),
    NodePool: (object, meta) => this.nodePools.add(meta, nodePool(object, meta)),
    NodeClaim: (object, meta) => this.nodeClaims.add(meta, nodeClaim(object, meta)),
    NodeOverlay: (object, meta) => this.nodeOverlays.add(meta, nodeOverlay(object, meta)),
    EC2NodeClass: (object, meta) => this.nodeClasses.add({ ...meta, namespace: meta.kind }, nodeClass(object, meta)),
    NodeClass: (object, meta) => this.nodeClasses.add({ ...meta, namespace: meta.kind }, nodeClass(object, meta)),
  };

  /** Takes one object, List, array or step of a dump. */
  take(input: unknown): void {
    if (!DumpObject.isInstance(input)) for (const step of expandDocument(input, 'input')) this.takeStep(step);
    else this.takeStep(input);
  }

  private takeStep({ object, list, endsList }: DumpObject): void {
    if (endsList) {
      if (list !== undefined) this.coverage.end(list);
      return;
    }
    if (!isRecord(object) || typeof object.kind !== 'string' || object.kind === '') {
      const version = serverVersionOf(object);
      if (version !== undefined) this.serverVersion = version;
      else this.report.countWithoutKind();
      return;
    }
    const kind = kindOfObject(object.apiVersion, object.kind);
    if (kind === undefined) {
      this.takeOther(object, object.kind);
      return;
    }
    this.report.countRead(kind.kind);
    try {
      const meta = objectMeta(object, kind.kind, kind.namespaced);
      this.notice(meta.createdAtMs ?? 0);
      this.coverage.see(kind.kind, meta.namespace, list);
      const repetition = this.readers[kind.kind]?.(object, meta) ?? 'new';
      if (repetition !== 'new') this.sayDuplicate(meta, repetition);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const where = identify(object);
      this.coverage.lose(kind.kind, kind.namespaced ? (where.namespace ?? 'default') : '');
      this.sayMalformed(kind.kind, where, error);
    }
  }

  /** Says that an object is not as Kubernetes would write it. */
  sayMalformed(kind: string, where: { readonly namespace?: string; readonly name?: string }, error: FieldError): void {
    const called = `${where.namespace === undefined ? '' : `${where.namespace}/`}${where.name ?? '(no name)'}`;
    this.report.countMalformed({
      level: 'warning',
      code: 'malformed-object',
      kind,
      ...where,
      field: error.field,
      message: `${kind} ${called}: ${error.field}: ${error.message}. The object is left out.`,
    });
  }

  /** Objects of kinds that no API lists: scales, headers, a scheduler's configuration; and perhaps owners of pods. */
  private takeOther(object: Json, kind: string): void {
    if (isHeader(object)) {
      try {
        this.header = { ...this.header, ...readHeader(object) };
        this.notice(this.header.takenAtMs ?? 0);
      } catch (error) {
        if (!(error instanceof FieldError)) throw error;
        this.sayMalformed(kind, {}, error);
      }
      return;
    }
    if (isSchedulerConfiguration(object)) {
      this.takeScheduler(object, kind);
      return;
    }
    const isScale = kind === 'Scale' && String(object.apiVersion).startsWith('autoscaling/');
    if (isScale) this.report.countRead(kind);
    else this.report.countIgnored(kind);
    try {
      const meta = objectMeta(object, kind, true);
      if (isScale) this.scales.push(scaleRow(object, meta));
      else this.takeCustomOwner(object, meta);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      if (isScale) this.sayMalformed(kind, identify(object), error);
    }
  }

  private takeScheduler(object: Json, kind: string): void {
    this.report.countRead(kind);
    try {
      const configuration = schedulerConfiguration(object);
      const content = JSON.stringify(configuration);
      if (this.schedulers.has(content))
        this.report.countDuplicate({
          level: 'warning',
          code: 'duplicate-object',
          kind,
          message: `The same ${kind} came more than once.`,
        });
      this.schedulers.set(content, configuration);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.sayMalformed(kind, {}, error);
    }
  }

  private takeCustomOwner(object: Json, meta: ObjectMeta): void {
    const row = customOwnerRow(object, meta);
    if (row === undefined) return;
    const key = `${meta.apiVersion}/${meta.kind}`;
    let collection = this.customOwners.get(key);
    if (collection === undefined) {
      collection = new Collection();
      this.customOwners.set(key, collection);
    }
    collection.add(meta, row);
  }

  private takeNamespace(_object: Json, meta: ObjectMeta): ReturnType<Reader> {
    const namespace: Writable<Namespace> = { name: meta.name };
    const annotations = honouredAnnotations(meta.source);
    if (meta.labels !== undefined) namespace.labels = meta.labels;
    if (annotations !== undefined) namespace.annotations = annotations;
    if (meta.name === 'kube-system' && meta.uid !== undefined) {
      this.clusterIds.add(meta.uid);
      if (this.clusterIds.size === 2)
        this.sayTwoClusters('the namespace kube-system came with two different uids', meta);
    }
    return this.namespaces.add(meta, namespace);
  }

  /** uid of kube-system; of several the first in order, since the finding says that the state is not to be trusted. */
  get clusterId(): string | undefined {
    return [...this.clusterIds].sort()[0];
  }

  private notice(timeMs: number): void {
    if (timeMs > this.newestMs) this.newestMs = timeMs;
  }

  private sayTwoClusters(sign: string, meta: ObjectMeta): void {
    this.report.add({
      level: 'error',
      code: 'two-clusters',
      kind: meta.kind,
      name: meta.name,
      message: `The input holds objects of two clusters, or of two times of one cluster: ${sign}. Convert one dump at a time.`,
    });
  }

  private sayDuplicate(meta: ObjectMeta, repetition: 'same-object' | 'other-object'): void {
    const called = `${meta.namespace === '' ? '' : `${meta.namespace}/`}${meta.name}`;
    const which = repetition === 'same-object' ? 'more than once' : 'with two different uids';
    this.report.countDuplicate({
      level: 'warning',
      code: 'duplicate-object',
      kind: meta.kind,
      ...(meta.namespace === '' ? {} : { namespace: meta.namespace }),
      name: meta.name,
      message: `${meta.kind} ${called} came ${which}; the newest is kept.`,
    });
  }
}

/** Namespace and name of an object that may be broken, for reports. */
function identify(object: Json): { readonly namespace?: string; readonly name?: string } {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const read = (key: string) => (typeof metadata[key] === 'string' ? text(metadata, key, '') : undefined);
  const namespace = read('namespace');
  const name = read('name');
  return { ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) };
}
