import type { ClusterState } from '@cloudoptim/core';
import { createFastPlacement, createPlacement, type FitAnswer, fits, type IncomingPod } from '@cloudoptim/scheduling';
import { fromKubernetes, kubernetesKinds } from '@cloudoptim/snapshot';
import type { KubernetesObject } from '../rig/api-client.js';
import { type Answer, gated, sameAnswer, textOf } from './answer.js';
import { missingClaims } from './ephemeral-claims.js';
import type { Pod } from './kubernetes.js';
import { gatesOf, type PlayedVersion } from './played-version.js';

const everyKind = kubernetesKinds.map(({ kind }) => kind);

/** A cluster and pods that are asked about, as our own code reads them. */
export interface Reading {
  readonly state: ClusterState;
  /** By position in `pods`. */
  readonly incoming: readonly IncomingPod[];
}

/** Reads objects as the API server returned them. Throws when one of them is not understood. */
export async function read(
  cluster: readonly KubernetesObject[],
  pods: readonly Pod[],
  version: PlayedVersion,
): Promise<Reading> {
  const [major, minor] = version.built.split('.') as [string, string];
  // Until a pod is there, its claims are not; kube-scheduler answers when they are.
  const claims = missingClaims(cluster, pods);
  const { state: found, report } = await fromKubernetes([...cluster, ...claims, ...pods], {
    takenAtMs: 1_800_000_000_000,
    listed: everyKind,
    serverVersion: { major, minor },
  });
  const complaint = report.findings.find(({ level }) => level === 'error');
  if (complaint !== undefined) throw new Error(`fromKubernetes: ${JSON.stringify(complaint)}`);
  const state = { ...found, scheduler: { ...found.scheduler, featureGates: gatesOf(version) } };
  const at = new Map<string, number>();
  for (let pod = 0; pod < state.pods.count; pod++)
    at.set(`${state.podTemplates[state.pods.template[pod] as number]?.namespace}/${state.pods.name[pod]}`, pod);
  const incoming = pods.map(({ metadata }) => {
    const pod = at.get(`${metadata.namespace}/${metadata.name}`);
    if (pod === undefined) throw new Error(`The state has no pod ${metadata.namespace}/${metadata.name}.`);
    const { template, workload, name, extra } = state.pods;
    return {
      template: template[pod] as number,
      workload: workload[pod] as number,
      name: name[pod] as string,
      ...(extra[pod] === undefined ? {} : { extra: extra[pod] }),
    };
  });
  return { state, incoming };
}

/** The answers of one half of our scheduling; throws where it says that it cannot tell. */
export type Half = (reading: Reading) => (pod: number) => Answer;

export const plainHalf: Half = plainHalfOf({ createPlacement, fits });

/** The plain half of a scheduling package that is perhaps not quite ours. */
export function plainHalfOf(scheduling: { createPlacement: typeof createPlacement; fits: typeof fits }): Half {
  return ({ state, incoming }) => {
    const placement = scheduling.createPlacement(state);
    const answer = (pod: IncomingPod) =>
      plainAnswer(state, pod, (asked, node) => scheduling.fits(asked, node, placement));
    return (index) => {
      const pod = incoming[index] as IncomingPod;
      const said = answer(pod);
      const makesVolumes = state.podTemplates[pod.template]?.volumes?.some(({ kind }) => kind === 'ephemeral');
      // The claims of a pod that is still to come are not there; it is to be placed as if they were.
      const before = makesVolumes ? answer(withoutClaims(pod)) : said;
      if (!sameAnswer(before, said)) throw new Error(`Before its claims were made: ${textOf(before)}`);
      return said;
    };
  };
}

function withoutClaims({ template, workload, extra: { claims: _, ...extra } = {} }: IncomingPod): IncomingPod {
  return { template, workload, extra };
}

function plainAnswer(
  state: ClusterState,
  pod: IncomingPod,
  ask: (pod: IncomingPod, node: number) => FitAnswer,
): Answer {
  const feasible: string[] = [];
  const reasons: Record<string, number> = {};
  for (let node = 0; node < state.nodes.length; node++) {
    const fit = ask(pod, node);
    if (fit.answer === 'unsupported') throw new Error(`The plain half cannot tell: ${fit.reason.message}`);
    if (fit.answer === 'feasible') feasible.push(state.nodes[node]?.name as string);
    else for (const reason of fit.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return inTheirWords({ feasible: feasible.sort(), reasons });
}

export const fastHalf: Half = ({ state, incoming }) => {
  const placement = createFastPlacement(state);
  return (pod) => {
    const asked = incoming[pod] as IncomingPod;
    const why = placement.unsupported(asked);
    if (why !== undefined) throw new Error(`The fast half cannot tell: ${why.message}`);
    const feasible = placement.feasibleNodes(asked).map((node) => state.nodes[node]?.name as string);
    return inTheirWords({ feasible: feasible.sort(), reasons: placement.reasons(asked) });
  };
};

/** A gated pod is said to be so once, by the API server, not of each node. */
function inTheirWords(answer: Answer): Answer {
  return Object.keys(answer.reasons).some((reason) => reason.startsWith(gated))
    ? { feasible: [], reasons: { [gated]: 1 } }
    : answer;
}

/** Only the names of the feasible nodes, without the words. */
export function feasibleNames(
  { state, incoming }: Reading,
  placement: ReturnType<typeof createPlacement>,
  pod: number,
): string[] {
  return state.nodes
    .filter((_, node) => fits(incoming[pod] as IncomingPod, node, placement).answer === 'feasible')
    .map(({ name }) => name);
}
