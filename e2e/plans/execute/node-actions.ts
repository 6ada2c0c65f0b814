import type { NodeRef, Taint } from '@cloudoptim/core';
import { isEvictable } from '../live/pod-facts.js';
import { removeAtOnce } from '../live/remove-orphans.js';
import { ActionFailed, type Executor, FactDiffers } from './execution.js';

/** The name of the node that an action means. Throws when no such node was there or was launched. */
export function nameOf({ names, launched }: Executor, ref: NodeRef): string {
  const name = 'uid' in ref ? names.get(ref.uid) : launched.get(ref.launch);
  if (name === undefined) throw new ActionFailed(`There is no node ${JSON.stringify(ref)}.`);
  return name;
}

export async function patchNode(executor: Executor, ref: NodeRef, patch: unknown): Promise<void> {
  await executor.client.patch(`/api/v1/nodes/${nameOf(executor, ref)}`, patch);
}

export async function cordon(executor: Executor, ref: NodeRef): Promise<void> {
  await patchNode(executor, ref, { spec: { unschedulable: true } });
}

export async function uncordon(executor: Executor, ref: NodeRef): Promise<void> {
  await patchNode(executor, ref, { spec: { unschedulable: null } });
}

export async function taintNode(executor: Executor, ref: NodeRef, taint: Taint, remove: boolean): Promise<void> {
  const path = `/api/v1/nodes/${nameOf(executor, ref)}`;
  const { spec } = (await executor.client.get(path)) as { spec?: { taints?: readonly Taint[] } };
  const others = (spec?.taints ?? []).filter(({ key, effect }) => key !== taint.key || effect !== taint.effect);
  await executor.client.patch(path, { spec: { taints: remove ? others : [...others, taint] } }, 'merge-patch');
}

/** The instance is gone: its claim if it has one, its Node object, and with the kubelet everything that still ran there. */
export async function removeNode({ client, live }: Executor, name: string, claim?: string): Promise<void> {
  const { status } = await client.send('GET', `/api/v1/nodes/${name}`);
  if (status === 404) throw new ActionFailed(`Node ${name} is not there any more.`);
  if (claim !== undefined) await client.remove(claim);
  await client.remove(`/api/v1/nodes/${name}`);
  for (const pod of [...live.pods.values()]) if (pod.spec.nodeName === name) await removeAtOnce(client, pod);
}

/** Throws where a pod that waited has come to a node that the plan is about to empty or remove. */
export function askWhoCame({ live, waited }: Executor, name: string): void {
  const came = [...live.pods.values()].find(
    (pod) => pod.spec.nodeName === name && waited.has(pod.metadata.uid) && isEvictable(pod),
  );
  if (came !== undefined) throw new FactDiffers(`node-holds-at-most: ${came.metadata.name} came to ${name}`);
}
