import { candidatesOf, subjectKey } from '@cloudoptim/core';
import type { AnswerLaw } from './law.js';
import { removedNode, subjectsOfAction } from './plan-effects.js';

/**
 * Every candidate of the kinds that the engine considers is acted on or rejected with a reason, and a node that is taken away is
 * not rejected as well. Silence would leave "why did nothing happen?" without an answer.
 */
export const candidatesJudged: AnswerLaw = ({ engine, inputs, response }) => {
  const actions = response.plan.groups.flatMap((group) => group.actions);
  const acted = new Set(actions.flatMap((action) => subjectsOfAction(inputs.cluster, action)));
  const rejected = new Map<string, string>();
  for (const { reason, subjects } of response.plan.rejections) {
    for (const subject of subjects) rejected.set(subjectKey(subject), reason.code);
  }
  for (const candidate of candidatesOf(engine.considers, inputs)) {
    const key = subjectKey(candidate);
    if (!acted.has(key) && !rejected.has(key)) return `the candidate ${key} is neither acted on nor rejected`;
  }
  for (const action of actions) {
    const node = removedNode(inputs.cluster, action);
    const code = node === undefined ? undefined : rejected.get(`node|${inputs.cluster.nodes[node]?.uid}`);
    if (code !== undefined) return `${action.id} takes away a node that is also rejected as ${code}`;
  }
  return undefined;
};
