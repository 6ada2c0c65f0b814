import { type ClusterState, isTerminal, type PodExtra, podExtra, type Reason } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';

/** Who comes after an evicted pod: nobody (DaemonSet pods, terminal pods), a pod, or someone we cannot know. */
export type Successor = IncomingPod | { readonly none: Reason } | { readonly unknown: Reason };

/**
 * The pod that the owner makes in place of `pod` once that is evicted. It has the template of the owner's current revision and
 * what the spec asks for: an in-place resize is lost. A StatefulSet's keeps name, labels of its identity and claims; the
 * claims of generic ephemeral volumes are made anew. A DaemonSet's stays with its node, so nobody looks for a place.
 */
export function successorOf(state: ClusterState, pod: number): Successor {
  const name = state.pods.name[pod] as string;
  const index = state.pods.workload[pod] as number;
  const owner = state.workloads[index];
  if (isTerminal(state, pod)) return { none: reason('terminal-pod', `Pod ${name} has ended; nothing replaces it.`) };
  if (podExtra(state, pod).mirror === true)
    return { none: reason('static-pod', `Pod ${name} is a static pod; it lives and dies with its node.`) };
  if (owner === undefined)
    return { none: reason('bare-pod', `Pod ${name} has no controller; nothing brings it back.`) };
  if (owner.kind === 'DaemonSet')
    return { none: reason('daemon-set-pod', `Pod ${name} belongs to a DaemonSet; it goes with its node.`) };
  const template = owner.successorTemplate;
  if (template < 0 || state.podTemplates[template] === undefined)
    return {
      unknown: reason(
        'unknown-successor',
        `The current revision of ${owner.kind} ${owner.namespace}/${owner.name} is not known, so neither is the successor of pod ${name}.`,
      ),
    };
  if (owner.kind !== 'StatefulSet') return anyOf(state, index, template);
  return { template, workload: index, name, ...identity(state, pod, template) };
}

const known = new WeakMap<ClusterState, IncomingPod[]>();

/** The next pod of an owner whose pods are all alike: one object, since replays ask hundreds of thousands of times. */
function anyOf(state: ClusterState, workload: number, template: number): IncomingPod {
  let own = known.get(state);
  if (own === undefined) {
    own = [];
    known.set(state, own);
  }
  own[workload] ??= { template, workload };
  return own[workload];
}

/** What a StatefulSet pod keeps: its own labels and the claims of volumeClaimTemplates. */
function identity(state: ClusterState, pod: number, template: number): { extra?: PodExtra } {
  const name = state.pods.name[pod] as string;
  const own = podExtra(state, pod);
  const ephemeral = new Set(
    (state.podTemplates[template]?.volumes ?? []).flatMap((volume) =>
      volume.kind === 'ephemeral' ? [`${name}-${volume.volume}`] : [],
    ),
  );
  const claims = own.claims?.filter((claim) => !ephemeral.has(claim));
  const extra: PodExtra = {
    ...(own.labels === undefined ? {} : { labels: own.labels }),
    ...(claims === undefined || claims.length === 0 ? {} : { claims }),
  };
  return Object.keys(extra).length === 0 ? {} : { extra };
}

function reason(code: string, message: string): Reason {
  return { code, message };
}
