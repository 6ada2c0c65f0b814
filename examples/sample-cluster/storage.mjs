import { apps } from './apps.mjs';
import { suffix, uid } from './identity.mjs';
import { daysBefore } from './nodes.mjs';
import { selector } from './pod-spec.mjs';
import { hasVolume } from './workloads.mjs';

/** Claims and volumes of the StatefulSets, each in the zone (or on the node) of the pod that holds it. */
export function storageObjects(placed, takenAt) {
  const claims = [];
  const volumes = [];
  const attachments = [];
  for (const app of apps.filter(hasVolume)) {
    placed.get(app).forEach((node, i) => {
      const claim = `data-${app.name}-${i}`;
      const claimUid = uid(`claim/${app.namespace}/${claim}`);
      const isLocal = app.localVolume !== undefined;
      const storageClass = isLocal ? 'local-nvme' : 'gp3';
      const volume = isLocal ? `local-pv-${suffix(claimUid, 8)}` : `pvc-${claimUid}`;
      const size = { storage: `${app.volume ?? app.localVolume}Gi` };
      const where = isLocal
        ? { key: 'kubernetes.io/hostname', operator: 'In', values: [node.name] }
        : { key: 'topology.kubernetes.io/zone', operator: 'In', values: [node.zone] };
      claims.push({
        metadata: {
          name: claim,
          namespace: app.namespace,
          uid: claimUid,
          creationTimestamp: daysBefore(takenAt, 60),
          labels: selector(app),
        },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: storageClass,
          volumeName: volume,
          volumeMode: 'Filesystem',
          resources: { requests: size },
        },
        status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: size },
      });
      volumes.push({
        metadata: { name: volume, uid: uid(`volume/${volume}`), creationTimestamp: daysBefore(takenAt, 60) },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: size,
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            namespace: app.namespace,
            name: claim,
            uid: claimUid,
          },
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName: storageClass,
          volumeMode: 'Filesystem',
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [where] }] } },
          ...(isLocal
            ? { local: { path: `/mnt/disks/${claim}` } }
            : {
                csi: {
                  driver: 'ebs.csi.aws.com',
                  fsType: 'ext4',
                  volumeHandle: `vol-0${claimUid.replaceAll('-', '').slice(0, 16)}`,
                },
              }),
        },
        status: { phase: 'Bound' },
      });
      if (isLocal) return;
      attachments.push({
        metadata: {
          name: `csi-${uid(`attachment/${volume}`).replaceAll('-', '')}`,
          uid: uid(`va/${volume}`),
          creationTimestamp: daysBefore(takenAt, 3),
        },
        spec: { attacher: 'ebs.csi.aws.com', nodeName: node.name, source: { persistentVolumeName: volume } },
        status: { attached: true },
      });
    });
  }
  return { claims, volumes, attachments, classes: storageClasses(takenAt), drivers: csiDrivers(takenAt) };
}

function storageClasses(takenAt) {
  return [
    {
      metadata: {
        name: 'gp3',
        uid: uid('sc/gp3'),
        creationTimestamp: daysBefore(takenAt, 300),
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    {
      metadata: { name: 'local-nvme', uid: uid('sc/local-nvme'), creationTimestamp: daysBefore(takenAt, 300) },
      provisioner: 'kubernetes.io/no-provisioner',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ];
}

function csiDrivers(takenAt) {
  return [
    {
      metadata: { name: 'ebs.csi.aws.com', uid: uid('csidriver/ebs'), creationTimestamp: daysBefore(takenAt, 300) },
      spec: {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        volumeLifecycleModes: ['Persistent'],
      },
    },
  ];
}
