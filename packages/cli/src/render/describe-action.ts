import type { Action, JsonValue, NodeRef, WorkloadRef } from '@cloudoptim/core';
import type { Legend, LegendNode } from '../document/analysis-document.js';

/** Turns references of a plan into names. */
export interface Names {
  node(ref: NodeRef): string;
  legendNode(ref: NodeRef): LegendNode | undefined;
  workload(template: number): string;
  workloadOf(template: number): WorkloadRef | undefined;
}

export function namesOf(legend: Legend): Names {
  const nodes = new Map(legend.nodes.map((node) => [node.uid, node]));
  const templates = new Map(legend.templates.map(({ template, workload }) => [template, workload]));
  const legendNode = (ref: NodeRef) => ('uid' in ref ? nodes.get(ref.uid) : undefined);
  return {
    legendNode,
    node: (ref) => legendNode(ref)?.name ?? ('uid' in ref ? ref.uid : `the new node ${ref.launch}`),
    workloadOf: (template) => templates.get(template),
    workload(template) {
      const found = templates.get(template);
      return found === undefined ? `pods of template ${template}` : workloadName(found);
    },
  };
}

export function workloadName({ namespace, name }: WorkloadRef): string {
  return `${namespace}/${name}`;
}

/** What an action does, as the rest of a sentence. */
export function describeAction(action: Action, names: Names): string {
  switch (action.kind) {
    case 'launch-node':
      return `launch ${action.offerings.map((one) => `${one.instanceType} ${one.capacityType} in ${one.zone} (at most $${one.priceCapUsdPerHour}/h)`).join(', or ')} as ${action.key}, through ${action.via.kind}${action.via.name === undefined ? '' : ` ${action.via.name}`}`;
    case 'cordon-node':
      return `cordon ${names.node(action.node)}`;
    case 'uncordon-node':
      return `uncordon ${names.node(action.node)}`;
    case 'taint-node':
      return `${action.remove === true ? 'remove the taint' : 'taint'} ${names.node(action.node)} ${action.taint.key}:${action.taint.effect}`;
    case 'label-node':
      return `label ${names.node(action.node)}: ${keysOf(action.labels)}`;
    case 'annotate-node':
      return `annotate ${names.node(action.node)}: ${keysOf(action.annotations)}`;
    case 'drain-node': {
      const moved = action.pods.map(({ template, count }) => `${count} × ${names.workload(template)}`);
      return `drain ${names.node(action.node)}${moved.length === 0 ? ', which has no pod to evict' : `: ${moved.join(', ')}`}`;
    }
    case 'evict-pod':
      return `evict ${action.namespace}/${action.name} from ${names.node(action.node)}`;
    case 'terminate-node':
      return `terminate ${names.node(action.node)} through ${action.via.kind}`;
    case 'delete-nodeclaim':
      return `delete NodeClaim ${action.nodeClaim}, and with it ${names.node(action.node)}`;
    case 'set-node-group-size':
      return `resize ${action.group.kind} ${action.group.name ?? ''} from ${action.from} to ${action.to} nodes`;
    case 'configure-nodepool':
      return `change NodePool ${action.nodePool}: ${changedFields(action.patch).join(', ')}`;
    case 'configure-nodeoverlay':
      return action.spec === null
        ? `remove NodeOverlay ${action.nodeOverlay}`
        : `${action.prior === null ? 'add' : 'change'} NodeOverlay ${action.nodeOverlay}: ${JSON.stringify(action.spec)}`;
    case 'configure-scheduler':
      return `let scheduler profile ${action.profile} score ${action.scoringStrategy}, now ${action.prior}`;
    case 'scale-workload':
      return `scale ${workloadName(action.workload)} from ${action.from} to ${action.to}`;
    case 'surge-workload':
      return `surge ${workloadName(action.workload)} from ${action.from} to ${action.to}, then back, off ${names.node(action.node)}`;
    case 'resize-workload':
      return `resize ${workloadName(action.workload)} (${action.method}): ${action.containers.map(({ name }) => name).join(', ')}`;
    case 'suspend-workload':
      return `suspend ${workloadName(action.workload)}`;
    case 'resume-workload':
      return `resume ${workloadName(action.workload)}${action.replicas === undefined ? '' : ` with ${action.replicas} replicas`}`;
    case 'set-autoscaler-bounds':
      return `set ${action.autoscaler.kind} ${action.autoscaler.namespace}/${action.autoscaler.name} to ${action.minReplicas}-${action.maxReplicas}, now ${action.prior.minReplicas}-${action.prior.maxReplicas}`;
    case 'prefer-capacity':
      return `let ${workloadName(action.workload)} prefer ${action.capacityType} with weight ${action.weight}`;
    case 'extension':
      return `extension ${action.name}`;
  }
}

/** Paths of the fields that a merge patch sets; what they are set to is long, and is in the manifests. */
function changedFields(patch: JsonValue, path = ''): string[] {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return [path];
  return Object.entries(patch).flatMap(([key, value]) => changedFields(value, path === '' ? key : `${path}.${key}`));
}

function keysOf(changes: Readonly<Record<string, string | null>>): string {
  return Object.entries(changes)
    .map(([key, value]) => (value === null ? `${key} removed` : `${key}=${value}`))
    .join(', ');
}
