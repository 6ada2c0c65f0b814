import { describe, expect, it } from 'vitest';
import { clusterSpec } from './cluster-spec.js';

const seeds = Array.from({ length: 300 }, (_, seed) => seed);

describe('clusters drawn for plans', () => {
  it('are the same for the same seed, and others for others', () => {
    expect(clusterSpec(7)).toEqual(clusterSpec(7));
    expect(new Set(seeds.map((seed) => JSON.stringify(clusterSpec(seed)))).size).toBe(seeds.length);
  });

  it('have 3 to 15 nodes', () => {
    for (const seed of seeds) {
      const { nodes } = clusterSpec(seed);
      expect(nodes.length).toBeGreaterThanOrEqual(3);
      expect(nodes.length).toBeLessThanOrEqual(15);
    }
  });

  it('have every owner and every constraint somewhere', () => {
    const text = JSON.stringify(seeds.map(clusterSpec));
    for (const wanted of [
      ...['"karpenter"', '"managed-node-group"', '"self-managed"', '"unknown"', 'm6g.large', '"spot"'],
      ...[
        '/deployments',
        '/statefulsets',
        '/daemonsets',
        '/jobs',
        '/pods"',
        '/poddisruptionbudgets',
        '/resourcequotas',
      ],
      ...['volumeClaimTemplates', 'topologySpreadConstraints', 'podAntiAffinity', 'podAffinity', 'priorityClassName'],
      ...['hostPort', 'hostPath', 'emptyDir', 'do-not-disrupt', 'safe-to-evict', 'scale-down-disabled', 'kube-dns'],
      ...['"minAvailable":"', '"maxUnavailable":"', 'ScheduleAnyway', 'nodeTaintsPolicy', 'OrderedReady', 'Parallel'],
      ...['/replicasets', '/replicationcontrollers', '/persistentvolumeclaims', 'ReadWriteOncePod', 'minReadySeconds'],
      ...['nodeAffinityPolicy', 'matchLabelKeys', 'minDomains', 'matchExpressions', '"polite"', 'schedulingGates'],
      ...['initContainers', 'NoExecute', 'PreferNoSchedule', 'AlwaysAllow', '{"matchLabels":{"tier"'],
    ])
      expect(text).toContain(wanted);
  });
});
