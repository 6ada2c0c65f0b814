import type { PodTemplate } from '@cloudoptim/core';

/**
 * Everything that the filters of a node's object (`objectFilters`) read of a template: pods of equal text that no node is
 * named for get equal answers, so thousands of templates share a few sets of answers.
 */
export function objectRules({ nodeName, nodeSelector, nodeAffinity, tolerations }: PodTemplate): string {
  return JSON.stringify([nodeName, nodeSelector, nodeAffinity?.required, tolerations]);
}
