import type { Action, ClusterState, PersistentVolumeClaim, Plan, Workload, WorkloadRef } from '@cloudoptim/core';
import { lookupsOf } from '../lookups.js';
import { workloadIndex } from '../resized-templates.js';

/**
 * The state with the claims that StatefulSets will make for replicas that a plan adds, not bound yet, each as the claims that
 * its set has already made from the same template (pkg/controller/statefulset, createPersistentVolumeClaims). A template of
 * which no claim is known says nothing: its claim stays missing, and the plan is refused for it. The same state when a plan adds none.
 */
export function withClaimsToCome(state: ClusterState, plan: Plan): ClusterState {
  const { claim: known } = lookupsOf(state);
  const index = workloadIndex(state);
  const coming = new Map<string, PersistentVolumeClaim>();
  for (const action of plan.groups.flatMap(({ actions }) => actions)) {
    const grown = growth(action);
    if (grown === undefined) continue;
    const { kind, namespace, name } = grown.workload;
    const workload = state.workloads[index.get(`${kind}/${namespace}/${name}`) ?? -1];
    if (workload?.kind !== 'StatefulSet') continue;
    for (const template of workload.claimTemplates ?? []) {
      const sibling = firstClaim(workload, template, grown.to, known);
      for (let ordinal = 0; sibling !== undefined && ordinal < grown.to; ordinal++) {
        const claim = `${template}-${name}-${ordinal}`;
        if (known(namespace, claim) === undefined) coming.set(`${namespace}/${claim}`, fresh(sibling, claim));
      }
    }
  }
  if (coming.size === 0) return state;
  return { ...state, persistentVolumeClaims: [...state.persistentVolumeClaims, ...coming.values()] };
}

/** The replicas that a workload has after an action that may add some. */
function growth(action: Action): { readonly workload: WorkloadRef; readonly to: number } | undefined {
  switch (action.kind) {
    case 'scale-workload':
    case 'surge-workload':
      return action.to > action.from ? action : undefined;
    case 'resume-workload':
      return action.replicas === undefined ? undefined : { workload: action.workload, to: action.replicas };
    default:
      return undefined;
  }
}

function firstClaim(
  { namespace, name, replicas = 0 }: Workload,
  template: string,
  to: number,
  known: (namespace: string, name: string) => PersistentVolumeClaim | undefined,
): PersistentVolumeClaim | undefined {
  for (let ordinal = 0; ordinal < Math.max(to, replicas); ordinal++) {
    const claim = known(namespace, `${template}-${name}-${ordinal}`);
    if (claim !== undefined) return claim;
  }
  return undefined;
}

function fresh(sibling: PersistentVolumeClaim, name: string): PersistentVolumeClaim {
  const { namespace, storageClass, accessModes, requestBytes, selector, volumeMode } = sibling;
  return {
    ...{ namespace, name, phase: 'Pending' },
    ...(storageClass !== undefined && { storageClass }),
    ...(accessModes !== undefined && { accessModes }),
    ...(requestBytes !== undefined && { requestBytes }),
    ...(selector !== undefined && { selector }),
    ...(volumeMode !== undefined && { volumeMode }),
  };
}
