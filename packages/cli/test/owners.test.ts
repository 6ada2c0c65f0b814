import { createContext } from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';
import { fromKubernetes } from '@cloudoptim/snapshot';
import { describe, expect, it } from 'vitest';
import { marketFromCatalog, marketRequest } from '../src/market/market-from-catalog.js';

interface Case {
  readonly labels: Readonly<Record<string, string>>;
  /** Of the node's NodeClaim, where Karpenter made it. */
  readonly claim?: string;
  /** How the plan removes the node, or the code of the reason why it does not. */
  readonly through: string;
}

const sized = { 'node.kubernetes.io/instance-type': 'm5.large', 'topology.kubernetes.io/zone': 'us-east-1a' };

/** Labels as they are found on nodes of each kind of owner. */
const cases: Readonly<Record<string, Case>> = {
  'a NodePool of Karpenter': {
    labels: {
      ...sized,
      'karpenter.sh/nodepool': 'general',
      'karpenter.sh/capacity-type': 'on-demand',
      'karpenter.sh/registered': 'true',
      'karpenter.sh/initialized': 'true',
      'karpenter.k8s.aws/ec2nodeclass': 'default',
    },
    claim: 'general-x7k2p',
    through: 'delete-nodeclaim general-x7k2p via karpenter general',
  },
  'a NodeClaim whose node says nothing of it': {
    labels: { ...sized, 'karpenter.sh/capacity-type': 'on-demand' },
    claim: 'general-lost',
    through: 'delete-nodeclaim general-lost via karpenter',
  },
  'EKS Auto Mode': {
    labels: {
      ...sized,
      'eks.amazonaws.com/compute-type': 'auto',
      'eks.amazonaws.com/nodeclass': 'default',
      'karpenter.sh/nodepool': 'general-purpose',
      'karpenter.sh/capacity-type': 'on-demand',
    },
    claim: 'general-purpose-c9d1z',
    through: 'delete-nodeclaim general-purpose-c9d1z via eks-auto general-purpose',
  },
  'a managed node group': {
    labels: {
      ...sized,
      'eks.amazonaws.com/nodegroup': 'workers',
      'eks.amazonaws.com/nodegroup-image': 'ami-0123',
      'eks.amazonaws.com/capacityType': 'ON_DEMAND',
      'alpha.eksctl.io/nodegroup-name': 'workers',
    },
    through: 'terminate-node via managed-node-group workers',
  },
  'an Auto Scaling group of eksctl': {
    labels: {
      ...sized,
      'alpha.eksctl.io/cluster-name': 'prod',
      'alpha.eksctl.io/nodegroup-name': 'own',
      'node-lifecycle': 'on-demand',
    },
    through: 'terminate-node via asg',
  },
  'an Auto Scaling group of kOps': {
    labels: { ...sized, 'kops.k8s.io/instancegroup': 'nodes-us-east-1a', 'node-lifecycle': 'on-demand' },
    through: 'terminate-node via asg',
  },
  'Fargate, whose nodes come and go with their pods': {
    labels: { 'eks.amazonaws.com/compute-type': 'fargate', 'topology.kubernetes.io/zone': 'us-east-1a' },
    through: 'unknown-owner',
  },
  'nobody but the user, whose machines EKS Hybrid Nodes joins': {
    labels: { 'eks.amazonaws.com/compute-type': 'hybrid', 'eks.amazonaws.com/hybrid-credential-provider': 'ssm' },
    through: 'unpriced-node',
  },
  'nobody that is known': {
    labels: { ...sized, 'node-lifecycle': 'on-demand' },
    through: 'unknown-owner',
  },
};

const created = '2026-10-01T00:00:00Z';

/** An empty node with the labels of a case. */
function objectsOf({ labels, claim }: Case): object[] {
  const claims =
    claim === undefined ? [] : [{ apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', name: claim, uid: 'c' }];
  const pool = labels['karpenter.sh/nodepool'];
  return [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'goes', uid: 'goes', creationTimestamp: created, labels, ownerReferences: claims },
      spec: {},
      status: {
        allocatable: { cpu: '1930m', memory: '7000Mi', pods: '29' },
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: created }],
      },
    },
    ...(pool === undefined
      ? []
      : [{ apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: pool, uid: 'p' }, spec: {} }]),
  ];
}

async function removalIn(objects: readonly object[]): Promise<string> {
  const { state } = await fromKubernetes(objects, { takenAtMs: Date.parse('2026-10-02T00:00:00Z') });
  const market = marketFromCatalog(marketRequest(state));
  const context = createContext({ now: state.takenAtMs });
  const { plan } = await new BinpackEngine().analyze({ cluster: state, market }, context);
  const action = plan.groups.flatMap(({ actions }) => actions).find((one) => 'via' in one);
  if (action === undefined) return plan.rejections[0]?.reason.code ?? 'nothing said';
  if (action.kind !== 'delete-nodeclaim' && action.kind !== 'terminate-node') return action.kind;
  const what = action.kind === 'delete-nodeclaim' ? `${action.kind} ${action.nodeClaim}` : action.kind;
  return [what, 'via', action.via.kind, action.via.name].filter((part) => part !== undefined).join(' ');
}

describe('through whom a plan removes a node', () => {
  it.each(Object.entries(cases))('of %s', async (_, one) => {
    expect(await removalIn(objectsOf(one))).toBe(one.through);
  });
});
