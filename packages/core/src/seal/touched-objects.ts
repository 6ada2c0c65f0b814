import type { Intent, NodeRef } from '../intent.js';
import type { NodeOwner } from '../node.js';
import type { Subject } from '../reason.js';
import { workloadKey } from '../references.js';
import { subjectKey } from '../subject.js';
import type { WorkloadRef } from '../workload.js';

/** Objects by key: what an action changes, and what it counts on staying as it is. */
export interface Touched {
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/**
 * The objects that an action touches. Two groups conflict when one writes what the other reads or writes; two drains that
 * expect their pods on the same third node do not, or else every consolidation would be a queue.
 */
export function touchedObjects(intent: Intent): Touched {
  switch (intent.kind) {
    case 'launch-node':
      // Nothing waits for a launch but what names it, which is seen to apart: here it would wait for those as well.
      return { writes: [], reads: poolKeys(intent.via) };
    case 'drain-node':
      return {
        writes: [nodeKey(intent.node)],
        reads: intent.pods.flatMap(({ expected }) => expected.map(({ node }) => nodeKey(node))),
      };
    case 'evict-pod':
      return {
        writes: [nodeKey(intent.node)],
        reads: intent.expected === undefined ? [] : [nodeKey(intent.expected)],
      };
    case 'cordon-node':
    case 'uncordon-node':
    case 'taint-node':
    case 'label-node':
    case 'annotate-node':
    case 'terminate-node':
    case 'delete-nodeclaim':
      return { writes: [nodeKey(intent.node)], reads: [] };
    case 'set-node-group-size':
      return { writes: [`group|${intent.group.kind}|${intent.group.name ?? ''}`], reads: [] };
    case 'configure-nodepool':
      return { writes: [poolKey(intent.nodePool)], reads: [] };
    case 'configure-nodeoverlay':
      return { writes: [`nodeoverlay|${intent.nodeOverlay}`], reads: [] };
    case 'configure-scheduler':
      return { writes: [`scheduler|${intent.profile}`], reads: [] };
    case 'surge-workload':
      return { writes: [`workload|${workloadKey(intent.workload)}`], reads: [nodeKey(intent.node)] };
    case 'scale-workload':
    case 'resize-workload':
    case 'suspend-workload':
    case 'resume-workload':
    case 'prefer-capacity':
      return { writes: [`workload|${workloadKey(intent.workload)}`], reads: [] };
    case 'set-autoscaler-bounds': {
      const { kind, namespace, name } = intent.autoscaler;
      return { writes: [`autoscaler|${kind}|${namespace}/${name}`], reads: [] };
    }
    case 'extension':
      return { writes: [extensionKey(intent.subject)], reads: [] };
  }
}

/** Nodes that the action names, each with its path inside the action. */
export function nodeRefsOf(intent: Intent): { readonly path: string; readonly node: NodeRef }[] {
  const refs: { path: string; node: NodeRef }[] = [];
  if ('node' in intent) refs.push({ path: 'node', node: intent.node });
  if (intent.kind === 'drain-node') {
    for (const [index, { expected }] of intent.pods.entries()) {
      for (const [at, { node }] of expected.entries()) refs.push({ path: `pods[${index}].expected[${at}].node`, node });
    }
  }
  if (intent.kind === 'evict-pod' && intent.expected !== undefined) {
    refs.push({ path: 'expected', node: intent.expected });
  }
  return refs;
}

/** The workload that the action changes, if it changes one. */
export function workloadOf(intent: Intent): WorkloadRef | undefined {
  return 'workload' in intent ? intent.workload : undefined;
}

/** Pod templates that the action names, each with its path inside the action. */
export function templatesOf(intent: Intent): { readonly path: string; readonly template: number }[] {
  if (intent.kind === 'evict-pod') return [{ path: 'template', template: intent.template }];
  if (intent.kind !== 'drain-node') return [];
  return intent.pods.map(({ template }, index) => ({ path: `pods[${index}].template`, template }));
}

function nodeKey(node: NodeRef): string {
  return 'uid' in node ? `node|${node.uid}` : launchKey(node.launch);
}

function launchKey(key: string): string {
  return `launch|${key}`;
}

function poolKey(name: string): string {
  return `nodepool|${name}`;
}

/** A launch through a NodePool needs that pool as configured before it. */
function poolKeys(via: NodeOwner): string[] {
  const isPool = via.kind === 'karpenter' || via.kind === 'eks-auto';
  return isPool && via.name !== undefined ? [poolKey(via.name)] : [];
}

/** A container belongs to its workload; whatever else has a key of its own. */
function extensionKey(subject: Subject): string {
  return subject.kind === 'container' ? `workload|${workloadKey(subject.workload)}` : subjectKey(subject);
}
