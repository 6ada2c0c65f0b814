import type { ClusterState } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';

import type { SimulateOptions, Simulation } from '../simulate-plain.js';
import { createFastPlacement, type FastPlacement } from './fast-placement.js';
import { fastQueueOrder } from './queue-order.js';

/**
 * Places pods one by one in queue order (higher priority first, then older, then by name), pod by pod as `simulatePlain` does.
 * A placement that is handed in is changed; a state is not. Nothing is preempted.
 */
export function simulate(
  from: ClusterState | FastPlacement,
  pods: readonly IncomingPod[],
  options: SimulateOptions = {},
): Simulation {
  const placement = 'schema' in from ? createFastPlacement(from) : from;
  const rule = options.rule ?? 'leastAllocated';
  const excluded = options.excludeNodes === undefined ? undefined : new Set(options.excludeNodes);
  const placed = new Array<number>(pods.length).fill(-1);
  const indices = new Array<number>(pods.length).fill(-1);
  const unplaced: Simulation['unplaced'][number][] = [];
  const unsupported: Simulation['unsupported'][number][] = [];
  for (const position of fastQueueOrder(pods, placement.state)) {
    const pod = pods[position] as IncomingPod;
    const node = placement.choose(pod, rule, excluded);
    placed[position] = node;
    if (node !== -1) {
      indices[position] = placement.place(pod, node);
      continue;
    }
    const reason = placement.unsupported(pod);
    if (reason === undefined) unplaced.push({ pod: position, reasons: placement.reasons(pod, excluded) });
    else unsupported.push({ pod: position, reason });
  }
  return { placed, pods: indices, unplaced, unsupported };
}
