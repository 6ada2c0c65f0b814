import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseClusterState } from '@cloudoptim/core';
import { expect, it } from 'vitest';
import { fromKubernetes, readDump } from '../src/index.js';
import { coverageIn } from './support/coverage.js';

const file = fileURLToPath(
  new URL('../../../../shared/data/k8s-traces/eks_cluster_dump_2026-01.json.gz', import.meta.url),
);

// `kubectl cluster-info dump` of a real EKS cluster, kept beside the repository and not in it.
it('a real dump of EKS converts, and says what it lacks', async ({ skip }) => {
  if (!existsSync(file)) skip(`needs ${file}`);
  const { state, report } = await fromKubernetes(readDump(file));
  parseClusterState(JSON.parse(JSON.stringify(state)));
  expect(report).toMatchObject({ objects: 12, malformed: 0, duplicates: 0, findings: [] });
  expect(
    state.nodes.map(({ instanceType, zone, capacityType, owner }) => [instanceType, zone, capacityType, owner]),
  ).toEqual([
    ['t3.small', 'us-east-1a', 'on-demand', { kind: 'managed-node-group', name: 'ecommerce-dev-node-group' }],
    ['t3.small', 'us-east-1b', 'on-demand', { kind: 'managed-node-group', name: 'ecommerce-dev-node-group' }],
  ]);
  expect(state.workloads.map(({ kind, name, rollout }) => `${kind} ${name} ${rollout}`)).toEqual([
    'DaemonSet aws-node stable',
    'DaemonSet kube-proxy stable',
    'Deployment coredns stable',
  ]);
  // Six pods of three workloads are three templates: neither volumes of random names nor pins to nodes tell them apart.
  expect([state.pods.count, state.podTemplates.length]).toEqual([6, 3]);
  expect(state.workloads.every(({ successorTemplate }) => successorTemplate >= 0)).toBe(true);
  expect(coverageIn(state, 'Node')).toEqual({ '*': 'listed' });
  expect(coverageIn(state, 'Pod')).toEqual({ '*': 'partial', 'kube-system': 'listed' });
  expect(coverageIn(state, 'PodDisruptionBudget')).toEqual({ '*': 'absent' });
});
