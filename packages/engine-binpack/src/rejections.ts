import { type ClusterState, nodeSubject, type Reason, type Rejection, type Subject } from '@cloudoptim/core';
import type { IncomingPod } from '@cloudoptim/scheduling';
import { type DrainFailure, podName } from './drain-what-if.js';
import type { Model } from './model.js';
import type { Refused } from './remove-node.js';

/** Collects one reason for each node left alone, grouped by reason. */
export function groupRejections(state: ClusterState, reasons: ReadonlyMap<number, Reason>): Rejection[] {
  const grouped = new Map<string, { readonly reason: Reason; readonly subjects: Subject[] }>();
  for (const [index, node] of state.nodes.entries()) {
    const reason = reasons.get(index);
    if (reason === undefined) continue;
    // Numbers that differ make different reasons: a sentence must be true of every node it is given for.
    const key = `${reason.code}|${reason.message}|${JSON.stringify(reason.numbers ?? {})}`;
    const group = grouped.get(key) ?? { reason, subjects: [] };
    group.subjects.push(nodeSubject(node));
    grouped.set(key, group);
  }
  return [...grouped.values()];
}

/** Turns refusals into sentences; what a pod's template hears from all nodes is worked out once. */
export function createExplainer(model: Model): (node: number, refused: Refused) => Reason {
  const heard = new Map<string, string>();
  return (node, refused) => {
    if ('reason' in refused) return refused.reason;
    return noRoom(model, node, refused.noRoomFor, heard);
  };
}

function noRoom(model: Model, node: number, { pod, incoming }: DrainFailure, heard: Map<string, string>): Reason {
  const name = pod === undefined || pod < 0 ? 'A pod' : `Pod ${podName(model.state, pod)}`;
  const { placement } = model.cluster;
  let others = 0;
  for (let other = 0; other < placement.nodeCount; other++)
    if (other !== node && placement.node(other) !== undefined) others++;
  if (incoming === undefined || others === 0) {
    return { code: 'no-room', message: `${name} has no other node to go to.`, numbers: { nodes: others } };
  }
  // Pods that have something of their own (volumes, a name) may hear something of their own.
  const key = incoming.extra === undefined ? `${incoming.template}` : `${incoming.template}|${pod}`;
  let words = heard.get(key);
  if (words === undefined) {
    words = whatNodesSay(model, new Set([node]), incoming);
    heard.set(key, words);
  }
  const replacement = model.options.replace ? ', and no cheaper node would take all pods' : '';
  return {
    code: 'no-room',
    message: `${name} fits on none of the ${others} other nodes that stay: ${words}${replacement}.`,
    numbers: { nodes: others },
  };
}

/** The histogram of refusals in kube-scheduler's words, as in the PodScheduled condition. */
function whatNodesSay({ cluster }: Model, except: ReadonlySet<number>, incoming: IncomingPod): string {
  const { placement } = cluster;
  const unsupported = placement.unsupported(incoming);
  if (unsupported !== undefined) return unsupported.message;
  const counts = new Map(Object.entries(placement.reasons(incoming, except)));
  const feasible = placement.feasibleNodes(incoming).filter((node) => !except.has(node)).length;
  if (feasible > 0) counts.set('room that its other pods need', feasible);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}
