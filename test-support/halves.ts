import type { ClusterState, PodExtra } from '@cloudoptim/core';
import {
  type FastPlacement,
  fits,
  type IncomingPod,
  type Placement,
  type ScoringRule,
  simulatePlain,
} from '@cloudoptim/scheduling';

/** A change that is made to both halves of scheduling; numbers are taken modulo what there is. */
export interface Step {
  readonly kind: number;
  readonly node: number;
  readonly pod: number;
}

/** Pods of every template of a state, plain and with things of their own. */
export function probesOf(state: ClusterState): IncomingPod[] {
  const [claim] = state.persistentVolumeClaims;
  const [node] = state.nodes;
  const extras: readonly PodExtra[] = [
    { labels: { app: 'api', 'statefulset.kubernetes.io/pod-name': 'api-0' } },
    { deletionAtMs: 1, occupies: { cpuMillicores: 700, memoryBytes: 1 } },
    ...(claim === undefined ? [] : [{ claims: [claim.name] }]),
    ...(node === undefined ? [] : [{ pinnedNode: node.name }]),
  ];
  return state.podTemplates.flatMap((_, template) => {
    const owner = state.workloads.findIndex(({ successorTemplate }) => successorTemplate === template);
    return [{ template, workload: owner }, ...extras.map((extra) => ({ template, workload: owner, extra }))];
  });
}

/** Kinds of steps that `carryOut` knows. */
export const stepKinds = 9;

type Node = NonNullable<ReturnType<Placement['node']>>;

/** Makes the change; equal placements make equal changes. `make` gives a node that is added or takes another one's place. */
export function carryOut(
  placement: Placement,
  step: Step,
  pods: readonly IncomingPod[],
  make: (name: string) => Node,
): void {
  const present = indices(placement.nodeCount).filter((node) => placement.node(node) !== undefined);
  const node = present[step.node % Math.max(1, present.length)];
  const bound = indices(placement.podCount).filter((pod) => placement.nodeOf(pod) >= 0);
  const pod = bound[step.pod % Math.max(1, bound.length)];
  const incoming = pods[step.pod % Math.max(1, pods.length)];
  if (step.kind === 6) placement.addNode(make(`added-${placement.nodeCount}`));
  else if (step.kind <= 1 && pod !== undefined) placement.remove(pod);
  else if (node === undefined) return;
  else if (step.kind <= 3 && incoming !== undefined) placement.place(incoming, node);
  else if (step.kind === 4) placement.cordon(node);
  else if (step.kind === 5) placement.uncordon(node);
  else if (step.kind === 7) placement.removeNode(node);
  else if (step.kind === 8) placement.updateNode(node, make((placement.node(node) as Node).name));
}

const rules: readonly ScoringRule[] = ['leastAllocated', 'mostAllocated', 'firstFeasible'];

/**
 * Asks both halves everything about each pod and throws at the first difference. Returns how many probes that were: one is a
 * pod whose feasible nodes were compared.
 */
export function compareHalves(plain: Placement, fast: FastPlacement, pods: readonly IncomingPod[]): number {
  same('nodes', fast.nodeCount, plain.nodeCount);
  same('pods', fast.podCount, plain.podCount);
  for (const node of indices(plain.nodeCount)) {
    same(`free on node ${node}`, withoutZeros(fast.free(node)), withoutZeros(plain.free(node)));
    same(`pods on node ${node}`, fast.podsOn(node), plain.podsOn(node));
    same(`node ${node}`, fast.node(node), plain.node(node));
  }
  for (const pod of pods) comparePod(plain, fast, pod);
  return pods.length;
}

/** Compares only which nodes are feasible for each pod, which is a hundred times quicker. Returns how many are, by pod. */
export function compareFeasible(plain: Placement, fast: FastPlacement, pods: readonly IncomingPod[]): number[] {
  return pods.map((pod) => {
    const feasible: number[] = [];
    for (let node = 0; node < plain.nodeCount; node++)
      if (fits(pod, node, plain).answer === 'feasible') feasible.push(node);
    same(`feasible nodes of ${JSON.stringify(pod)}`, fast.feasibleNodes(pod), feasible);
    return feasible.length;
  });
}

/** Compares only which node is best for each pod: nothing in between asks what would bring the fast half up to date. */
export function compareChoices(plain: Placement, fast: FastPlacement, pods: readonly IncomingPod[]): void {
  for (const pod of pods)
    for (const rule of ['leastAllocated', 'mostAllocated'] as const)
      same(
        `choice by ${rule} of ${JSON.stringify(pod)}`,
        fast.choose(pod, rule),
        plainChoice(plain, pod, rule, []).node,
      );
}

function comparePod(plain: Placement, fast: FastPlacement, pod: IncomingPod): void {
  const about = (what: string) => `${what} of ${JSON.stringify(pod)}`;
  const answers = indices(plain.nodeCount).map((node) => fits(pod, node, plain));
  const feasible = indices(plain.nodeCount).filter((node) => answers[node]?.answer === 'feasible');
  same(about('feasible nodes'), fast.feasibleNodes(pod), feasible);
  const single = indices(plain.nodeCount).filter((node) => fast.isFeasible(pod, node));
  same(about('feasible nodes, asked one by one,'), single, feasible);
  const unsupported = answers.find((answer) => answer.answer === 'unsupported');
  if (plain.nodeCount > 0) same(about('unsupported'), fast.unsupported(pod), unsupported?.reason);
  if (unsupported !== undefined) return;
  const except = new Set(feasible.filter((_, position) => position % 2 === 0));
  for (const rule of rules) {
    same(about(`choice by ${rule}`), fast.choose(pod, rule), plainChoice(plain, pod, rule, []).node);
    const rest = plainChoice(plain, pod, rule, [...except]);
    same(about(`choice by ${rule} except ${[...except]}`), fast.choose(pod, rule, except), rest.node);
    if (rest.reasons !== undefined) same(about('reasons'), fast.reasons(pod, except), rest.reasons);
  }
  for (const draw of [0, 0.37, 0.999]) {
    const random = () => draw;
    isOneOf(about('draw'), fast.chooseAnyhow(pod, random), feasible);
    for (const strategy of ['LeastAllocated', 'MostAllocated'] as const) {
      const best = bestByPercent(plain, pod, feasible, strategy);
      isOneOf(about(`choice by ${strategy}`), fast.chooseByScore(pod, strategy, random), best);
    }
  }
}

function plainChoice(plain: Placement, pod: IncomingPod, rule: ScoringRule, excludeNodes: readonly number[]) {
  const mark = plain.mark();
  const { placed, unplaced } = simulatePlain(plain, [pod], { rule, excludeNodes });
  plain.rollback(mark);
  return { node: placed[0] as number, reasons: unplaced[0]?.reasons };
}

function isOneOf(what: string, found: number, expected: readonly number[]): void {
  if (expected.length === 0 ? found !== -1 : !expected.includes(found))
    throw new Error(`${what}: ${found}, not one of ${expected}`);
}

/** The feasible nodes that kube-scheduler scores highest, by its whole percentages. */
function bestByPercent(plain: Placement, pod: IncomingPod, feasible: readonly number[], strategy: string): number[] {
  const needs = plain.state.podTemplates[pod.template]?.needs;
  const share = (free: number, all: number) => (all <= 0 ? 0 : Math.max(0, Math.floor((free * 100) / all)));
  const score = (node: number) => {
    const free = plain.free(node);
    const all = (plain.node(node) as Node).allocatable;
    const cpu = share(free.cpuMillicores - (needs?.cpuMillicores ?? 0), all.cpuMillicores);
    const memory = share(free.memoryBytes - (needs?.memoryBytes ?? 0), all.memoryBytes);
    return (strategy === 'LeastAllocated' ? 1 : -1) * Math.floor((cpu + memory) / 2);
  };
  const best = Math.max(...feasible.map(score));
  return feasible.filter((node) => score(node) === best);
}

/** A resource that once was asked for and no longer is reads as zero; whether it is mentioned does not matter. */
function withoutZeros(free: ReturnType<Placement['free']>) {
  return { ...free, extended: Object.entries(free.extended ?? {}).filter(([, amount]) => amount !== 0) };
}

function same(what: string, found: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: the fast half says ${one}, the plain half ${other}`);
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
