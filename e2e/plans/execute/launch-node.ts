import { instanceLabels, instanceType } from '@cloudoptim/catalog';
import type { Action } from '@cloudoptim/core';
import { waitUntil } from '../../rig/wait-until.js';
import { createCsiNode, createNodeClaim, registering } from '../cluster/node-objects.js';
import { resourceList } from '../cluster/resource-list.js';
import { takesPods } from '../live/pod-facts.js';
import type { Executor } from './execution.js';

type Launch = Extract<Action, { kind: 'launch-node' }>;

/**
 * Plays EC2 and the node's owner: one of the listed offerings comes, the weakest as likely as any, with just the capacity
 * that the plan assumes. Done when the node takes pods. Startup taints are taken as removed by then.
 */
export async function launchNode(executor: Executor, { key, template, offerings, assumedAllocatable, via }: Launch) {
  const { client, live, launched, random } = executor;
  const offering = random.pick(offerings);
  const name = `launched-${random.integer(0, 2 ** 31).toString(36)}`;
  const facts = instanceType(offering.instanceType);
  const claimed = via.kind === 'karpenter' || via.kind === 'eks-auto';
  const claim = { name, pool: via.name ?? '', zone: offering.zone, type: offering.instanceType };
  const ownerReferences = claimed
    ? [await createNodeClaim(client, { ...claim, capacityType: offering.capacityType })]
    : [];
  const offered = resourceList(assumedAllocatable);
  await client.create('/api/v1/nodes', {
    metadata: {
      name,
      ownerReferences,
      labels: {
        ...(facts === undefined ? {} : instanceLabels(facts)),
        ...template.labels,
        ...(claimed && via.name !== undefined && { 'karpenter.sh/nodepool': via.name }),
        ...(via.kind === 'managed-node-group' && { 'eks.amazonaws.com/nodegroup': via.name }),
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': template.operatingSystem,
        'topology.kubernetes.io/zone': offering.zone,
        'karpenter.sh/capacity-type': offering.capacityType,
      },
    },
    spec: { taints: template.taints, providerID: `aws:///${offering.zone}/i-${name}` },
    status: { allocatable: offered, capacity: offered, conditions: registering },
  });
  if ((template.csiDrivers ?? []).length > 0) await createCsiNode(client, name, offering.instanceType);
  launched.set(key, name);
  await waitUntil(`node ${name} to be Ready`, () =>
    [...live.nodes.values()].some((node) => node.metadata.name === name && takesPods(node)),
  );
}
