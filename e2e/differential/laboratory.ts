import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { type ControlPlane, startControlPlane } from '../rig/control-plane.js';
import { namespace } from '../rig/objects.js';
import { waitUntil } from '../rig/wait-until.js';
import type { Watch } from '../rig/watch-list.js';
import { type Answer, gated, reasonsIn } from './answer.js';
import { ephemeralClaims } from './ephemeral-claims.js';
import { type Extender, schedulerConfig, startExtender } from './extender.js';
import { storage } from './generate/storage.js';
import { namespaces, priorityClasses, runtimeClasses } from './generate/words.js';
import type { Pod } from './kubernetes.js';

export interface LaboratoryOptions {
  /** kube-controller-manager's --controllers, where volumes need some. */
  readonly controllers?: string;
  readonly emulatedVersion?: string;
  readonly preemption?: boolean;
}

/** A pod as the API server keeps it, with what kube-scheduler says of it. */
export interface Asked {
  readonly pod: Pod;
  readonly answer: Answer;
}

/** A control plane whose scheduler is asked about pods that never get bound. */
export interface Laboratory {
  readonly plane: ControlPlane;
  readonly client: ApiClient;
  /** Creates the pod, waits for the first word about it, and deletes it; undefined when the API server refuses it. */
  ask(pod: Pod): Promise<Asked | undefined>;
  /** Waits until the scheduler has seen every change of nodes that was made before. */
  settle(nodeNames: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it with the namespaces and runtime classes that generated pods refer to. */
export async function openLaboratory(options: LaboratoryOptions = {}): Promise<Laboratory> {
  const extender = await startExtender();
  let plane: ControlPlane | undefined;
  try {
    plane = await startControlPlane({
      scheduler: { config: schedulerConfig(extender, options.preemption === true) },
      // Else every node is born with a taint that only the node lifecycle controller would take away, and every claim and
      // volume with a finalizer that only the controllers of volumes would.
      apiServerArgs: ['--disable-admission-plugins=TaintNodesByCondition,StorageObjectInUseProtection'],
      ...(options.controllers === undefined ? {} : { controllers: options.controllers }),
      ...(options.emulatedVersion === undefined ? {} : { emulatedVersion: options.emulatedVersion }),
    });
    const { client } = plane;
    for (const [name, labels] of Object.entries(namespaces)) await namespace(client, name, labels);
    for (const [name, more] of Object.entries(runtimeClasses))
      await client.create('/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name }, handler: name, ...more });
    for (const [name, more] of Object.entries(priorityClasses))
      await client.create('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, ...more });
    for (const { path, object } of storage) await client.create(path, object);
    return await watching(plane, extender);
  } catch (error) {
    await plane?.stop();
    await extender.stop();
    throw error;
  }
}

async function watching(plane: ControlPlane, extender: Extender): Promise<Laboratory> {
  const { client } = plane;
  const waiting = new Map<string, (pod: Pod) => void>();
  const told = new Map<string, Pod>();
  const watch: Watch = await client.watch('/api/v1/pods', ({ type, object }) => {
    const pod = object as Pod;
    if (type === 'DELETED' || pod.spec.nodeName !== undefined || scheduled(pod) === undefined) return;
    const uid = pod.metadata.uid as string;
    const tell = waiting.get(uid);
    if (tell !== undefined) tell(pod);
    // The answer may be here before the one to the creation is.
    else if (!told.has(uid)) told.set(uid, pod);
  });

  const ask: Laboratory['ask'] = async (pod) => {
    const pods = `/api/v1/namespaces/${pod.metadata.namespace}/pods`;
    const created = await client.send('POST', pods, pod);
    if (created.status === 422 || created.status === 403) return undefined;
    if (created.status >= 400) throw new Error(`The pod was not created: ${JSON.stringify(created.body)}`);
    const uid = created.body.metadata?.uid as string;
    const answered = await new Promise<Pod>((resolve, reject) => {
      const early = told.get(uid);
      if (early !== undefined) return resolve(early);
      const late = setTimeout(() => reject(new Error(`Nothing was said of ${pod.metadata.name} for 60 s.`)), 60_000);
      waiting.set(uid, (one) => {
        clearTimeout(late);
        resolve(one);
      });
    });
    waiting.delete(uid);
    told.delete(uid);
    const answer = answerOf(answered, extender.take(uid) ?? []);
    await client.remove(`${pods}/${pod.metadata.name}`, { gracePeriodSeconds: 0 });
    // Nobody collects garbage here, and another pod of that name could not use them.
    for (const { metadata } of ephemeralClaims(pod))
      await client.remove(`/api/v1/namespaces/${metadata?.namespace}/persistentvolumeclaims/${metadata?.name}`);
    return { pod: { apiVersion: 'v1', kind: 'Pod', ...created.body } as Pod, answer };
  };

  let marks = 0;
  return {
    plane,
    client,
    ask,
    async settle(nodeNames) {
      // Changes of nodes reach the scheduler in order, so whoever sees this label has seen all that came before.
      const value = `m${++marks}`;
      await client.patch(`/api/v1/nodes/${nodeNames[nodeNames.length - 1]}`, { metadata: { labels: { mark: value } } });
      let tries = 0;
      await waitUntil('the scheduler to see all nodes', async () => {
        const asked = await ask(sentinel(`${value}-${++tries}`, value));
        const { feasible, reasons } = (asked as Asked).answer;
        const others = reasons["node(s) didn't match Pod's node affinity/selector"] ?? 0;
        const all = [...Object.values(reasons)].reduce((sum, count) => sum + count, 0) + feasible.length;
        return others === nodeNames.length - 1 && all >= nodeNames.length;
      });
    },
    async stop() {
      watch.stop();
      await plane.stop();
      await extender.stop();
    },
  };
}

function sentinel(name: string, mark: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `sentinel-${name}`, namespace: 'bare' },
    spec: {
      containers: [{ name: 'app', image: 'app' }],
      nodeSelector: { mark },
      tolerations: [{ operator: 'Exists' }],
    },
  };
}

interface Condition {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** The word about a pod. An error of the scheduler's is none, nor is that claims are still to be made: it tries again. */
function scheduled(pod: KubernetesObject): Condition | undefined {
  const { conditions } = (pod.status ?? {}) as { readonly conditions?: readonly Condition[] };
  return conditions?.find(
    ({ type, reason, message = '' }) =>
      type === 'PodScheduled' &&
      reason !== 'SchedulerError' &&
      !message.includes('waiting for ephemeral volume controller'),
  );
}

function answerOf(pod: Pod, feasible: readonly string[]): Answer {
  const { reason, message } = scheduled(pod) as Condition;
  if (reason === 'SchedulingGated') return { feasible: [], reasons: { [gated]: 1 } };
  return { feasible, reasons: reasonsIn(message) };
}
