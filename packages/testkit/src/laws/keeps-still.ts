import { emptyClusterState } from '@cloudoptim/core';
import { ask, errorText, reworded } from './ask.js';
import { candidatesJudged } from './candidates-judged.js';
import type { BehaviourLaw } from './law.js';

/** Under `policy.freeze` nothing is proposed, and every candidate is rejected. */
export const keepsFreeze: BehaviourLaw = async (question) => {
  const frozen = reworded(question, { policy: { ...question.request.policy, freeze: true } });
  const { answer, error } = await ask(frozen);
  if (answer === undefined) return `under freeze it throws ${errorText(error)}`;
  const { groups } = answer.response.plan;
  return groups.length > 0 ? `under freeze it proposes ${groups.length} groups` : candidatesJudged(answer);
};

/** In a cluster with nothing in it there is nothing to propose. */
export const keepsEmptyClusterEmpty: BehaviourLaw = async (question) => {
  const { cluster, usage } = question.request;
  const nothing = { ...emptyClusterState(cluster.takenAtMs), coverage: cluster.coverage };
  const { answer, error } = await ask(reworded(question, { cluster: nothing, usage: { ...usage, containers: [] } }));
  if (answer === undefined) return `for an empty cluster it throws ${errorText(error)}`;
  const { groups } = answer.response.plan;
  return groups.length > 0 ? `for an empty cluster it proposes ${groups.length} groups` : undefined;
};
