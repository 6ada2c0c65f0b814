import type { ClusterState, PersistentVolume, PersistentVolumeClaim } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { ask, askOne } from '../support/ask.js';
import { node, type StateOptions, state, template } from '../support/build.js';

const gp3: ClusterState['storageClasses'][number] = {
  name: 'gp3',
  provisioner: 'ebs.csi.aws.com',
  bindingMode: 'WaitForFirstConsumer',
};
const nodes = [node('a'), node('b', { zone: 'us-east-1b' })];
const withClaim = template({ volumes: [{ kind: 'claim', claim: 'data' }] });

function claim(change: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim {
  return {
    namespace: 'default',
    name: 'data',
    phase: 'Bound',
    volume: 'pv',
    storageClass: 'gp3',
    accessModes: ['ReadWriteOnce'],
    ...change,
  };
}

function unbound(change: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim {
  const { volume: _, ...rest } = claim({ phase: 'Pending', requestBytes: 10, ...change });
  return rest;
}

function volume(change: Partial<PersistentVolume> = {}): PersistentVolume {
  return { name: 'pv', csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' }, ...change };
}

function inZone(zone: string): NonNullable<PersistentVolume['nodeAffinity']> {
  return {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] }],
  };
}

function asked(parts: StateOptions): Record<string, string> {
  return ask(state({ nodes, podTemplates: [withClaim], storageClasses: [gp3], ...parts }), {
    template: 0,
    workload: -1,
  });
}

describe('VolumeRestrictions', () => {
  it('keeps a ReadWriteOncePod claim to one pod in the whole cluster', () => {
    const parts = {
      persistentVolumeClaims: [claim({ accessModes: ['ReadWriteOncePod'] })],
      persistentVolumes: [volume()],
      pods: [{ template: 0, node: 0 }],
    };
    const words =
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';
    expect(asked(parts)).toEqual({ a: words, b: words });
    expect(asked({ ...parts, pods: [] })).toEqual({ a: 'fits', b: 'fits' });
  });
  it('refuses a node where another pod has the same in-tree EBS volume', () => {
    const pod = template({ volumes: [{ kind: 'aws-ebs', volumeId: 'vol-1', readOnly: true }] });
    expect(askOne([pod], [{ template: 0 }])).toBe('node(s) had no available disk');
  });
  it('is the first to notice a claim that does not exist', () => {
    expect(asked({})).toEqual({
      a: 'persistentvolumeclaim "data" not found',
      b: 'persistentvolumeclaim "data" not found',
    });
  });
});

describe('NodeVolumeLimits', () => {
  const limited = [node('n', { csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 1 }] })];
  const two = {
    nodes: limited,
    storageClasses: [gp3],
    persistentVolumeClaims: [claim(), claim({ name: 'other', volume: 'pv2' })],
    persistentVolumes: [volume(), volume({ name: 'pv2', csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-2' } })],
  };
  const other = template({ volumes: [{ kind: 'claim', claim: 'other' }] });
  const full = 'node(s) exceed max volume count';

  it('counts unique volumes of the pods on the node', () => {
    expect(askOne([withClaim, other], [{ template: 0 }], two)).toBe(full);
    expect(askOne([withClaim, withClaim], [{ template: 0 }], two)).toBe('fits');
    expect(askOne([withClaim, other], [], two)).toBe('fits');
  });
  it('counts attachments that no pod on the node explains', () => {
    const volumeAttachments = [{ name: 'va', attacher: 'ebs.csi.aws.com', node: 'n', volume: 'pv', attached: true }];
    expect(askOne([withClaim, other], [], { ...two, volumeAttachments })).toBe(full);
  });
  it('counts a volume twice that stays attached and comes again', () => {
    // We counted it once. kube-scheduler leaves out of the new volumes what pods of the node use, not what is attached.
    const volumeAttachments = [{ name: 'va', attacher: 'ebs.csi.aws.com', node: 'n', volume: 'pv', attached: true }];
    expect(askOne([withClaim], [], { ...two, volumeAttachments })).toBe(full);
    expect(askOne([withClaim, withClaim], [{ template: 0 }], { ...two, volumeAttachments })).toBe('fits');
  });
  it('knows a disk by its id, with its zone before it or not', () => {
    // In-tree volumes may be called aws://ZONE/vol-1; we took that for another disk than vol-1.
    const inTree = template({ volumes: [{ kind: 'aws-ebs', volumeId: 'aws://us-east-1a/vol-1' }] });
    expect(askOne([withClaim, inTree], [{ template: 0 }], two)).toBe('fits');
  });
  it('counts migrated in-tree volumes and those yet to be provisioned', () => {
    const inTree = template({ volumes: [{ kind: 'aws-ebs', volumeId: 'vol-9' }] });
    expect(askOne([inTree, other], [{ template: 0 }], two)).toBe(full);
    const scratch = template({ volumes: [{ kind: 'ephemeral', volume: 'scratch', storageClass: 'gp3' }] });
    expect(askOne([withClaim, scratch], [{ template: 0 }], two)).toBe(full);
  });
  it('limits nothing where the node has no CSINode or the driver no limit', () => {
    const open = { ...two, nodes: [node('n', { csiDrivers: [{ name: 'ebs.csi.aws.com' }] })] };
    expect(askOne([withClaim, other], [{ template: 0 }], open)).toBe('fits');
  });
});

describe('VolumeBinding', () => {
  it('takes a volume that names its node by matchFields to be allowed on every node', () => {
    const byName = {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: ['a'] }] }],
    };
    const parts = (nodeAffinity: PersistentVolume['nodeAffinity']) => ({
      persistentVolumeClaims: [claim()],
      persistentVolumes: [volume(nodeAffinity === undefined ? {} : { nodeAffinity })],
    });
    // kube-scheduler asks with the labels of the node alone, and a term without any field to look at holds.
    expect(asked(parts(byName))).toEqual({ a: 'fits', b: 'fits' });
    const empty = asked(parts({ nodeSelectorTerms: [{}] }));
    expect(empty.a).toBe("node(s) didn't match PersistentVolume's node affinity");
  });
  it('keeps a pod in the zone of its bound volume', () => {
    expect(
      asked({ persistentVolumeClaims: [claim()], persistentVolumes: [volume({ nodeAffinity: inZone('us-east-1b') })] }),
    ).toEqual({ a: "node(s) didn't match PersistentVolume's node affinity", b: 'fits' });
  });
  it('lets a claim that waits for its first consumer be provisioned anywhere its class allows', () => {
    const parts = { persistentVolumeClaims: [unbound()] };
    expect(asked(parts)).toEqual({ a: 'fits', b: 'fits' });
    const allowedTopologies = [{ expressions: [{ key: 'topology.kubernetes.io/zone', values: ['us-east-1a'] }] }];
    expect(asked({ ...parts, storageClasses: [{ ...gp3, allowedTopologies }] })).toEqual({
      a: 'fits',
      b: "node(s) didn't find available persistent volumes to bind",
    });
  });
  it('keeps a claim to the node that provisioning was begun for', () => {
    expect(asked({ persistentVolumeClaims: [unbound({ selectedNode: 'b' })] })).toEqual({
      a: "node(s) didn't find available persistent volumes to bind",
      b: 'fits',
    });
  });
  it('finds a static volume that is large enough, of the mode, and reachable', () => {
    const manual = { ...gp3, provisioner: 'kubernetes.io/no-provisioner' };
    const available = volume({
      phase: 'Available',
      storageClass: 'gp3',
      capacityBytes: 20,
      accessModes: ['ReadWriteOnce'],
      nodeAffinity: inZone('us-east-1a'),
    });
    const none = "node(s) didn't find available persistent volumes to bind";
    const parts = { storageClasses: [manual], persistentVolumeClaims: [unbound()] };
    expect(asked({ ...parts, persistentVolumes: [available] })).toEqual({ a: 'fits', b: none });
    expect(asked({ ...parts, persistentVolumes: [{ ...available, capacityBytes: 5 }] }).a).toBe(none);
    expect(asked({ ...parts, persistentVolumes: [{ ...available, accessModes: ['ReadOnlyMany'] }] }).a).toBe(none);
    expect(asked({ ...parts, persistentVolumes: [{ ...available, phase: 'Released' }] }).a).toBe(none);
  });
  it('does not give the volume of an earlier claim to a later one of its name', () => {
    // A StatefulSet that is made anew has claims of the same names. We took their retained volumes to be reserved for them.
    const parts = (holder: string | undefined) => ({
      storageClasses: [{ ...gp3, provisioner: 'kubernetes.io/no-provisioner' }],
      persistentVolumeClaims: [unbound({ uid: 'second' })],
      persistentVolumes: [
        volume({
          ...{ phase: 'Released', storageClass: 'gp3', capacityBytes: 20 },
          claim: { namespace: 'default', name: 'data', ...(holder === undefined ? {} : { uid: holder }) },
        }),
      ],
    });
    const none = "node(s) didn't find available persistent volumes to bind";
    expect(asked(parts('first')).a).toBe(none);
    expect(asked(parts('second')).a).toBe('fits');
    expect(asked(parts(undefined)).a).toBe('fits');
  });
  it('takes claims of one size in the order of the pod, whether or not they are made', () => {
    // We looked at the claims that exist first. Which of two refusals is said depends on whose turn comes first.
    const nowhere = { ...gp3, name: 'nowhere', provisioner: 'kubernetes.io/no-provisioner' };
    const parts = {
      ...{ nodes: [node('n')], storageClasses: [gp3, nowhere], persistentVolumeClaims: [unbound()] },
      csiDrivers: [{ name: 'ebs.csi.aws.com', storageCapacity: true }],
    };
    const scratch = { kind: 'ephemeral' as const, volume: 'scratch', storageClass: 'nowhere', requestBytes: 10 };
    const data = { kind: 'claim' as const, claim: 'data' };
    expect(askOne([template({ volumes: [scratch, data] })], [], parts)).toBe(
      "node(s) didn't find available persistent volumes to bind",
    );
    expect(askOne([template({ volumes: [data, scratch] })], [], parts)).toBe(
      'node(s) did not have enough free storage',
    );
  });
  it('asks for storage capacity where the driver publishes it', () => {
    const parts = {
      persistentVolumeClaims: [unbound()],
      csiDrivers: [{ name: 'ebs.csi.aws.com', storageCapacity: true }],
    };
    const full = 'node(s) did not have enough free storage';
    expect(asked(parts)).toEqual({ a: full, b: full });
    const capacity = {
      namespace: 'kube-system',
      name: 'a',
      storageClass: 'gp3',
      nodeTopology: { matchLabels: { 'topology.kubernetes.io/zone': 'us-east-1a' } },
      capacityBytes: 10,
    };
    expect(asked({ ...parts, csiStorageCapacities: [capacity] })).toEqual({ a: 'fits', b: full });
  });
  it.each([
    [claim({ phase: 'Lost' }), 'persistentvolumeclaim "data" bound to non-existent persistentvolume "pv"'],
    [claim({ deletionAtMs: 1 }), 'persistentvolumeclaim "data" is being deleted'],
  ])('refuses the whole pod for a claim that cannot be used (%#)', (broken, words) => {
    expect(asked({ persistentVolumeClaims: [broken], persistentVolumes: [volume()] })).toEqual({ a: words, b: words });
  });
  it('refuses the whole pod while an immediate claim is unbound', () => {
    const immediate = { ...gp3, bindingMode: 'Immediate' as const };
    expect(asked({ storageClasses: [immediate], persistentVolumeClaims: [unbound()] }).a).toBe(
      'pod has unbound immediate PersistentVolumeClaims',
    );
  });
});

describe('VolumeZone', () => {
  it('compares zone labels of volumes, old names included, and takes lists', () => {
    const parts = { persistentVolumeClaims: [claim()] };
    const refused = 'node(s) had no available volume zone';
    const labelled = (key: string, value: string) => [volume({ labels: { [key]: value } })];
    expect(asked({ ...parts, persistentVolumes: labelled('topology.kubernetes.io/zone', 'us-east-1b') })).toEqual({
      a: refused,
      b: 'fits',
    });
    const beta = labelled('failure-domain.beta.kubernetes.io/zone', 'us-east-1a__us-east-1b');
    expect(asked({ ...parts, persistentVolumes: beta })).toEqual({ a: 'fits', b: 'fits' });
  });
  it('never looks at the claims of ephemeral volumes', () => {
    // We did. The plugin reads the claims that a pod names, and those of its ephemeral volumes it does not name.
    const scratch = template({ volumes: [{ kind: 'ephemeral', volume: 'scratch', storageClass: 'gp3' }] });
    const built = state({
      ...{ nodes, podTemplates: [scratch], storageClasses: [gp3] },
      persistentVolumeClaims: [claim({ name: 'web-scratch' })],
      persistentVolumes: [volume({ labels: { 'topology.kubernetes.io/zone': 'us-east-1b' } })],
    });
    const pod = { template: 0, workload: -1, name: 'web', extra: { claims: ['web-scratch'] } };
    expect(ask(built, pod)).toEqual({ a: 'fits', b: 'fits' });
  });
  it('says which volume is missing', () => {
    expect(asked({ persistentVolumeClaims: [claim()] }).a).toBe('persistentvolume "pv" not found');
  });
});
