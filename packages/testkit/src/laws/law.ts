import type {
  AnalyzeRequest,
  ClusterState,
  DecisionEngine,
  DecisionResponse,
  Inputs,
  JsonValue,
  Policy,
} from '@cloudoptim/core';

/** An engine's answer with the question it answers: all that a law on answers may look at. */
export interface Answer {
  readonly engine: DecisionEngine;
  readonly inputs: Inputs;
  /** With every default filled in. */
  readonly policy: Policy;
  readonly now: number;
  readonly seed: number;
  readonly response: DecisionResponse;
}

/** An engine with one question, for laws that ask it more than once. */
export interface Question {
  readonly engine: DecisionEngine;
  /** Deeply frozen. */
  readonly request: AnalyzeRequest & Inputs;
  readonly policy: Policy;
  readonly now: number;
  readonly seed: number;
  readonly options: JsonValue | undefined;
}

/** What is wrong, in one sentence with the objects and numbers, or undefined when the law holds. */
export type Finding = string | undefined;

/** A law that an answer keeps by itself, whatever the engine said before. */
export type AnswerLaw = (answer: Answer) => Finding;

/** A law about how the engine behaves; `first` is its answer to the question as it stands. */
export type BehaviourLaw = (question: Question, first: Observed) => Promise<Finding>;

/** An answer and how it was come by. */
export interface Observed {
  readonly answer: Answer;
  /** How often the engine called `spend`. */
  readonly spends: number;
  readonly spentUnits: number;
}

/** The node of a state by uid. */
export function nodeIndexByUid(state: ClusterState): ReadonlyMap<string, number> {
  return new Map(state.nodes.map((node, index) => [node.uid, index]));
}
