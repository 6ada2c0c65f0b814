import { type ClusterState, type PodTemplate, parseClusterState } from '@cloudoptim/core';
import { type ConvertedState, type FromKubernetesOptions, fromKubernetes } from '../../src/index.js';

/** Converts, and has core check the state by its schema, as every host will. */
export async function convert(
  objects: readonly unknown[],
  options: FromKubernetesOptions = {},
): Promise<ConvertedState> {
  const converted = await fromKubernetes(objects, options);
  parseClusterState(JSON.parse(JSON.stringify(converted.state)));
  return converted;
}

export async function stateOf(...objects: unknown[]): Promise<ClusterState> {
  return (await convert(objects)).state;
}

/** The template of the pod of that name. */
export function templateOf(state: ClusterState, podName: string): PodTemplate {
  return state.podTemplates[state.pods.template[podIndex(state, podName)] as number] as PodTemplate;
}

export function podIndex(state: ClusterState, podName: string): number {
  const index = state.pods.name.indexOf(podName);
  if (index < 0) throw new Error(`there is no pod ${podName} in the state`);
  return index;
}

/** What the pod of that name has of its own. */
export function extraOf(state: ClusterState, podName: string) {
  return state.pods.extra[podIndex(state, podName)] ?? {};
}
