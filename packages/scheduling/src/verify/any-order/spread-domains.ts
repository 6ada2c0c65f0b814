import { included } from '../../filters/pod-topology-spread.js';
import type { PodFacts } from '../../pod-facts.js';
import type { SpreadConstraint } from '../../spread-constraint.js';
import type { WorkingPlacement } from '../../working-placement.js';

/**
 * By domain of a spread constraint: the nodes that stay there, in the order given. Undefined when the domains themselves may
 * change with what a plan does: one that only nodes that go are in, or only nodes that come (both count until they are gone,
 * and one without pods is the one with the fewest), or fewer than `minDomains`.
 */
export function spreadDomains(
  facts: PodFacts,
  constraint: SpreadConstraint,
  staying: readonly number[],
  view: WorkingPlacement,
): readonly (readonly number[])[] | undefined {
  const { of } = view.topology.domains(constraint.topologyKey);
  const counts = (node: number) => (of[node] ?? -1) !== -1 && included(facts, constraint, node, view);
  const domains = new Map<number, number[]>();
  for (const node of staying) {
    if (!counts(node)) continue;
    const domain = of[node] as number;
    const nodes = domains.get(domain);
    if (nodes === undefined) domains.set(domain, [node]);
    else nodes.push(node);
  }
  for (let node = 0; node < view.nodeCount; node++)
    if (counts(node) && !domains.has(of[node] as number)) return undefined;
  return domains.size < constraint.minDomains ? undefined : [...domains.values()];
}
