import type { PodFacts } from './pod-facts.js';
import { tolerates, unschedulableTaint } from './tolerations.js';
import type { View } from './view.js';

/** Whether a pod may go to a cordoned node, as those of DaemonSets do. */
export function toleratesCordon({ template }: PodFacts, view: View): boolean {
  return tolerates(template.tolerations, unschedulableTaint, view.comparisonOperators);
}
