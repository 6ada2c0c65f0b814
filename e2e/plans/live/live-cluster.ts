import type { ApiClient, KubernetesObject } from '../../rig/api-client.js';
import type { Watch, WatchEvent } from '../../rig/watch-list.js';

/** The parts of a pod that the test reads. */
export interface LivePod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  };
  readonly status: {
    readonly phase?: string;
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

export interface LiveNode {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly conditions?: LivePod['status']['conditions'] };
}

export interface LiveBudget {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly generation: number;
  };
  readonly spec: { readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } };
  readonly status: {
    readonly observedGeneration?: number;
    readonly desiredHealthy?: number;
    readonly currentHealthy?: number;
    readonly disruptionsAllowed?: number;
  };
}

export type LiveKind = 'pod' | 'node' | 'budget';
type Listener = (kind: LiveKind, type: WatchEvent['type'], object: LivePod | LiveNode | LiveBudget) => void;

/** Pods, nodes and budgets of a control plane as its watches tell of them. By uid: a name may come back. */
export class LiveCluster {
  readonly pods = new Map<string, LivePod>();
  readonly nodes = new Map<string, LiveNode>();
  readonly budgets = new Map<string, LiveBudget>();
  /** When something last changed, by `performance.now()`. */
  lastChange = performance.now();
  readonly #listeners = new Set<Listener>();
  readonly #watches: Watch[] = [];

  static async start(client: ApiClient): Promise<LiveCluster> {
    const live = new LiveCluster();
    await live.#follow(client, '/api/v1/pods', 'pod', live.pods);
    await live.#follow(client, '/api/v1/nodes', 'node', live.nodes);
    await live.#follow(client, '/apis/policy/v1/poddisruptionbudgets', 'budget', live.budgets);
    return live;
  }

  /** Hears of every change from now on; returns how to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop();
  }

  async #follow<T extends LivePod | LiveNode | LiveBudget>(
    client: ApiClient,
    path: string,
    kind: LiveKind,
    objects: Map<string, T>,
  ): Promise<void> {
    const onEvent = ({ type, object }: { type: WatchEvent['type']; object: KubernetesObject }) => {
      const seen = object as unknown as T;
      if (type === 'DELETED') objects.delete(seen.metadata.uid);
      else objects.set(seen.metadata.uid, seen);
      // Heartbeats change nodes all the time and mean nothing here.
      if (kind !== 'node' || type !== 'MODIFIED') this.lastChange = performance.now();
      for (const listener of this.#listeners) listener(kind, type, seen);
    };
    this.#watches.push(await client.watch(path, onEvent));
  }
}
