import type { CandidateKind } from './candidate-kind.js';
import type { Inputs } from './decision.js';
import type { Subject } from './reason.js';
import { offeringRef, workloadRef } from './references.js';
import { nodeSubject, subjectKey } from './subject.js';

/**
 * Everything that an engine which considers these kinds must act on or reject, each once, in the order of the inputs:
 * nodes and workloads of the cluster, workloads with a known number of replicas, containers of the usage history, and
 * offerings of the market. An input that is missing has no candidates.
 */
export function candidatesOf(kinds: readonly CandidateKind[], inputs: Partial<Inputs>): Subject[] {
  const candidates = new Map<string, Subject>();
  for (const kind of kinds) {
    // `workloads` and `replicas` name the same subjects, and a container has usage of CPU and of memory.
    for (const subject of candidatesOfKind(kind, inputs)) candidates.set(subjectKey(subject), subject);
  }
  return [...candidates.values()];
}

function candidatesOfKind(kind: CandidateKind, { cluster, market, usage }: Partial<Inputs>): Subject[] {
  switch (kind) {
    case 'nodes':
      return (cluster?.nodes ?? []).map(nodeSubject);
    case 'workloads':
      return (cluster?.workloads ?? []).map((workload) => ({ kind: 'workload', workload: workloadRef(workload) }));
    case 'replicas':
      return (cluster?.workloads ?? [])
        .filter(({ replicas }) => replicas !== undefined)
        .map((workload) => ({ kind: 'workload', workload: workloadRef(workload) }));
    case 'containers':
      return (usage?.containers ?? []).map(({ workload, container }) => ({
        kind: 'container',
        workload: workloadRef(workload),
        container,
      }));
    case 'pools':
      return (market?.offerings ?? []).map((offering) => ({ kind: 'pool', offering: offeringRef(offering) }));
  }
}
