import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import { createPlacement, fits, type IncomingPod } from '../../src/index.js';
import { node, type PodSpec, type StateOptions, state } from './build.js';

/** What each node of a state says to a new pod of a template, by node name: `fits`, `unsupported`, or the refusal's words. */
export function ask(built: ClusterState, pod: IncomingPod): Record<string, string> {
  const placement = createPlacement(built);
  return Object.fromEntries(
    built.nodes.map((object, index) => {
      const answer = fits(pod, index, placement);
      return [
        object.name,
        answer.answer === 'infeasible'
          ? answer.reasons.join('; ')
          : answer.answer === 'feasible'
            ? 'fits'
            : answer.answer,
      ];
    }),
  );
}

/** One node `n` with some pods, asked about one more pod of the last template. */
export function askOne(
  templates: readonly PodTemplate[],
  pods: readonly Omit<PodSpec, 'node'>[] = [],
  more: StateOptions & { readonly asked?: Partial<IncomingPod> } = {},
): string | undefined {
  const { asked, ...parts } = more;
  const built = state({
    nodes: [node('n')],
    podTemplates: templates,
    pods: pods.map((pod) => ({ ...pod, node: 0 })),
    ...parts,
  });
  return ask(built, { template: templates.length - 1, workload: -1, ...asked }).n;
}
