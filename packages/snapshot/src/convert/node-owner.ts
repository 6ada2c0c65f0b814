import type { NodeOwner } from '@cloudoptim/core';
import { type Json, records, text } from '../fields.js';

type Labels = Readonly<Record<string, string>>;

/**
 * Who made a node, from its labels and owner. A group that has no sign of its own (an Auto Scaling group whose tags we
 * cannot see, a machine joined by hand) is `unknown`, which means recommend only: guessing would end in a node that its group
 * replaces at once.
 */
export function nodeOwner(labels: Labels, metadata: Json): NodeOwner {
  const claim = claimName(metadata);
  const pool = own(labels, 'karpenter.sh/nodepool') ?? own(labels, 'karpenter.sh/provisioner-name');
  const computeType = own(labels, 'eks.amazonaws.com/compute-type');
  if (computeType === 'auto') return describe('eks-auto', pool, claim);
  if (pool !== undefined || claim !== undefined) return describe('karpenter', pool, claim);
  const group = own(labels, 'eks.amazonaws.com/nodegroup');
  if (group !== undefined) return describe('managed-node-group', group);
  // A group of eksctl or kOps without EKS's own label is a plain Auto Scaling group. Its name is not the label's value but
  // derived from it by the tool, so it is left unsaid rather than said wrong.
  if (own(labels, 'alpha.eksctl.io/nodegroup-name') !== undefined) return { kind: 'asg' };
  if (own(labels, 'kops.k8s.io/instancegroup') !== undefined) return { kind: 'asg' };
  // EKS Hybrid Nodes: machines of the user's own.
  if (computeType === 'hybrid') return { kind: 'self-managed' };
  return { kind: 'unknown' };
}

function describe(kind: NodeOwner['kind'], name: string | undefined, nodeClaim?: string): NodeOwner {
  return { kind, ...(name === undefined ? {} : { name }), ...(nodeClaim === undefined ? {} : { nodeClaim }) };
}

/** A Karpenter node is owned by its NodeClaim. */
function claimName(metadata: Json): string | undefined {
  for (const reference of records(metadata, 'ownerReferences', 'metadata'))
    if (reference.kind === 'NodeClaim') return text(reference, 'name', 'metadata.ownerReferences[]');
  return undefined;
}

function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) && labels[key] !== '' ? labels[key] : undefined;
}
