import type { PodTemplate } from '@cloudoptim/core';
import { fits, type IncomingPod } from '@cloudoptim/scheduling';
import type { PlacementRule } from './rooms.js';
import type { WorkingCluster } from './working-cluster.js';

/** Chooses nodes as kube-scheduler would, and remembers what can never change. */
export interface NodeChooser {
  /** Index of the node that the scoring in force prefers among those that take the pod, -1 when none does. */
  choose(pod: IncomingPod): number;
  /** To be called when a node index got a new node: what was remembered of the index is not true of it. */
  forget(node: number): void;
  /** Nodes asked so far; callers charge the difference to the work budget. */
  readonly asked: number;
}

/** Filters whose verdict on a template and a node does not depend on which pods run where. */
const lastingPlugins = new Set([
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodeUnschedulable',
  'NodeDeclaredFeatures',
]);

/** Comparing free resources is that much cheaper than asking all filters. */
const nodesPerUnit = 64;

export function createNodeChooser(cluster: WorkingCluster): NodeChooser {
  const { placement, rooms, state } = cluster;
  const refusals: Uint8Array[] = [];
  let asked = 0;

  /** Whether the node takes the pod, by all rules. */
  const takes = (pod: IncomingPod, node: number, refused: Uint8Array): boolean => {
    asked++;
    const answer = fits(pod, node, placement);
    if (answer.answer === 'infeasible' && pod.extra?.pinnedNode === undefined && lastingPlugins.has(answer.plugin)) {
      refused[node] = 1;
    }
    return answer.answer === 'feasible';
  };

  return {
    get asked() {
      return asked;
    },
    forget(node) {
      for (const refused of refusals) if (refused !== undefined && node < refused.length) refused[node] = 0;
    },
    choose(pod) {
      const template = state.podTemplates[pod.template] as PodTemplate;
      const rule = placementRule(cluster, template);
      const refused = roomy(refusals, pod.template, rooms.size);
      asked += rooms.size / nodesPerUnit;
      const best = rooms.best(template.needs, rule, refused);
      if (best === -1) return -1;
      // Mostly the best one takes it; the others are put in order only when it does not.
      if (takes(pod, best, refused)) return best;
      for (const node of rooms.ranked(template.needs, rule, refused)) {
        if (node !== best && takes(pod, node, refused)) return node;
      }
      return -1;
    },
  };
}

/** How the pod's scheduler scores nodes. */
function placementRule({ state }: WorkingCluster, template: PodTemplate): PlacementRule {
  const name = template.schedulerName ?? 'default-scheduler';
  const profile = state.scheduler.profiles.find(({ schedulerName }) => schedulerName === name);
  return profile?.scoringStrategy === 'MostAllocated' ? 'fullest' : 'emptiest';
}

/** The template's row, at least `size` long. */
function roomy(rows: Uint8Array[], template: number, size: number): Uint8Array {
  const row = rows[template];
  if (row !== undefined && row.length >= size) return row;
  // Longer than asked, so that launches do not copy it each time.
  const longer = new Uint8Array(size + 64);
  if (row !== undefined) longer.set(row);
  rows[template] = longer;
  return longer;
}
