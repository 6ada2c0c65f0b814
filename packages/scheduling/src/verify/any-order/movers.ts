import type { WorkloadRef } from '@cloudoptim/core';
import type { IncomingPod } from '../../incoming-pod.js';
import type { PlacedAction } from '../../plan-index.js';
import type { PodFacts } from '../../pod-facts.js';
import { nextOf } from '../../run/evict.js';
import { newReplica } from '../../run/new-replica.js';
import type { PlanRun } from '../../run/plan-run.js';
import type { Step } from '../../run/steps.js';
import { podsOf } from '../../run/workload-pods.js';

/** A pod that some group looks for a place for. */
export interface Mover {
  readonly entry: PlacedAction;
  readonly pod: IncomingPod;
  readonly facts: PodFacts;
  /** The pod that it comes for; -1 for one more. */
  readonly from: number;
}

export interface Movers {
  readonly movers: readonly Mover[];
  /** Actions whose effect depends on what other groups have done, in ways that no worst case sums up. */
  readonly unclear: readonly PlacedAction[];
  /** Workloads (by index) whose pods an action on the workload changes: nobody may count on where they are. */
  readonly changed: ReadonlySet<number>;
  /** Pods that are evicted, whether or not anybody comes for them. */
  readonly leaving: ReadonlySet<number>;
  /** Pods that nobody comes for, by what ends them: evicted ones, and those that go with their node. */
  readonly ending: readonly { readonly entry: PlacedAction; readonly pod: number }[];
}

/** Every pod that a plan makes look for a place, whatever the order of its groups. */
export function moversOf(run: PlanRun, steps: readonly (readonly Step[])[]): Movers {
  const movers: Mover[] = [];
  const unclear: PlacedAction[] = [];
  const changed = new Set<number>();
  const leaving = new Set<number>();
  const ending: { entry: PlacedAction; pod: number }[] = [];
  const add = (entry: PlacedAction, pod: IncomingPod | undefined, from: number) => {
    if (pod !== undefined) movers.push({ entry, pod, facts: run.placement.facts(pod), from });
  };
  for (const { entry, pod } of steps.flat()) {
    if (pod !== undefined) {
      leaving.add(pod);
      const next = nextOf(run, pod);
      if ('template' in next) add(entry, next, pod);
      else ending.push({ entry, pod });
      continue;
    }
    const { action } = entry;
    switch (action.kind) {
      case 'taint-node':
      case 'label-node':
      case 'uncordon-node':
      case 'set-autoscaler-bounds':
        unclear.push(entry);
        break;
      case 'scale-workload':
      case 'surge-workload':
      case 'resume-workload': {
        const index = workload(run, action.workload);
        if (index === undefined) break;
        changed.add(index);
        const now = action.kind === 'resume-workload' ? 0 : action.from;
        const to = action.kind === 'resume-workload' ? (action.replicas ?? 0) : action.to;
        for (let ordinal = now; ordinal < to; ordinal++) add(entry, newReplica(run, index, ordinal), -1);
        break;
      }
      case 'suspend-workload': {
        const index = workload(run, action.workload);
        if (index !== undefined) changed.add(index);
        break;
      }
      case 'resize-workload':
      case 'prefer-capacity': {
        const index = workload(run, action.workload);
        const template = run.planned.byAction.get(action.id);
        if (index === undefined || template === undefined) break;
        changed.add(index);
        if (action.kind === 'resize-workload' && action.method === 'in-place') {
          if (podsOf(run, index).some((pod) => grows(run, pod, template))) unclear.push(entry);
          break;
        }
        for (const pod of podsOf(run, index)) {
          const next = nextOf(run, pod);
          if ('template' in next) add(entry, { ...next, template }, pod);
        }
        break;
      }
      default:
        break;
    }
  }
  for (const entry of run.index.actions)
    if (entry.action.kind === 'terminate-node' || entry.action.kind === 'delete-nodeclaim') {
      const node = run.resolve(entry.action.node);
      const pods = node === undefined ? [] : run.placement.podsOn(node).filter((pod) => !leaving.has(pod));
      for (const pod of pods) ending.push({ entry, pod });
    }
  return { movers, unclear, changed, leaving, ending };
}

function workload(run: PlanRun, { kind, namespace, name }: WorkloadRef): number | undefined {
  return run.workloads.get(`${kind}/${namespace}/${name}`);
}

/** Whether a pod resized where it is takes more of anything: then others may have taken the room. */
function grows({ placement }: PlanRun, pod: number, template: number): boolean {
  const { podTemplates } = placement.state;
  const before = placement.extraOf(pod).occupies ?? podTemplates[placement.templateOf(pod)]?.needs;
  const after = podTemplates[template]?.needs;
  if (before === undefined || after === undefined) return true;
  return (
    after.cpuMillicores > before.cpuMillicores ||
    after.memoryBytes > before.memoryBytes ||
    (after.ephemeralStorageBytes ?? 0) > (before.ephemeralStorageBytes ?? 0) ||
    Object.entries(after.extended ?? {}).some(([name, amount]) => amount > (before.extended?.[name] ?? 0))
  );
}
