import type { PodTemplate } from '@cloudoptim/core';
import { podNeeds } from '../pod-needs.js';

/** What scores count for each container that asks for none (pkg/scheduler/util/pod_resources.go). */
const defaultMillicores = 100;
const defaultMemoryBytes = 200 * 1024 ** 2;

/** What is counted for a pod beyond what it asks for. */
interface Amounts {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
}

const none: Amounts = { cpuMillicores: 0, memoryBytes: 0 };

/**
 * What kube-scheduler's LeastAllocated and MostAllocated count for containers without requests, by node: a pod that asks for nothing takes
 * 100 millicores and 200 MiB a container there, and nothing in the filters (NonZeroRequested of its NodeInfo).
 */
export class Unasked {
  readonly #templates: readonly PodTemplate[];
  readonly #ofTemplate: (Amounts | undefined)[] = [];
  readonly #onNode = new Map<number, { cpuMillicores: number; memoryBytes: number }>();

  constructor(templates: readonly PodTemplate[]) {
    this.#templates = templates;
  }

  of(template: number): Amounts {
    let known = this.#ofTemplate[template];
    if (known === undefined) {
      known = unasked(this.#templates[template]);
      this.#ofTemplate[template] = known;
    }
    return known;
  }

  on(node: number): Amounts {
    return this.#onNode.get(node) ?? none;
  }

  /** A pod comes (1) or goes (-1). */
  take(template: number, node: number, by: 1 | -1): void {
    const own = this.of(template);
    if (own === none) return;
    const sum = this.#onNode.get(node) ?? { cpuMillicores: 0, memoryBytes: 0 };
    sum.cpuMillicores += by * own.cpuMillicores;
    sum.memoryBytes += by * own.memoryBytes;
    this.#onNode.set(node, sum);
  }
}

/** A request of zero is taken as none. A pod that asks for more than its containers has requests of its own, which count as they are. */
function unasked(template: PodTemplate | undefined): Amounts {
  if (template === undefined) return none;
  const { containers, needs } = template;
  const more = (resource: 'cpuMillicores' | 'memoryBytes', least: number) => {
    const asked = podNeeds(containers, ({ requests }) => requests[resource]);
    if (needs[resource] > asked) return 0;
    return podNeeds(containers, ({ requests }) => (requests[resource] > 0 ? requests[resource] : least)) - asked;
  };
  const cpuMillicores = more('cpuMillicores', defaultMillicores);
  const memoryBytes = more('memoryBytes', defaultMemoryBytes);
  return cpuMillicores === 0 && memoryBytes === 0 ? none : { cpuMillicores, memoryBytes };
}
