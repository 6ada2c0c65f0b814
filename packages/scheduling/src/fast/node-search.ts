import type { Eligibility } from './eligibility.js';
import type { NodeScore } from './node-score.js';

/** What the blocks are asked to find: room for a pod, on a node that its rules allow. */
export interface NodeQuestion {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly eligibility: Eligibility;
  /** Whether it depends on domains of narrow topology keys at all. */
  readonly mindsDomains: boolean;
  /** Whether the pod may go to the node's domains of narrow topology keys, which are the same throughout a group. */
  acceptsDomains(node: number): boolean;
  /** Whether a node with room for a pod, cpu and memory, of an eligible group and in such domains, takes the pod. */
  accepts(node: number): boolean;
}

/** Which of equal nodes comes first. */
export interface Turns {
  /** Where the round begins. */
  from: number;
  /** By slot. */
  at: Int32Array;
  /** The least and the greatest by block, and by what is listed. */
  first: Int32Array;
  last: Int32Array;
  firstListed: Int32Array;
  lastListed: Int32Array;
}

/** More than all rounding errors of a sum of two shares in ten-thousandths. */
const slack = 1e-6;

/** A question under way, and the best so far. One object for all questions: making one would cost as much as answering. */
export class Search {
  score: NodeScore = 'any';
  cpu = 0;
  memory = 0;
  leastCpu = 0;
  leastMemory = 0;
  /** Whether shares bound scores. A request below zero would widen them; nobody sends one, so it need not be quick. */
  bounded = true;
  /** 1 when more that is free is better, else -1. */
  sign: 1 | -1 = 1;
  best = -1;
  /** Among equals the one before others is best: the index of the best, or its turn in the round that is drawn. */
  bestTurn = 0;
  bestScore = Number.NEGATIVE_INFINITY;
  /** No node whose key is below `equal` scores as high as the best; none below `better` scores higher. */
  equal = Number.NEGATIVE_INFINITY;
  better = Number.NEGATIVE_INFINITY;

  start(question: NodeQuestion, score: NodeScore): void {
    this.score = score;
    this.cpu = question.cpuMillicores;
    this.memory = question.memoryBytes;
    this.leastCpu = least(this.cpu);
    this.leastMemory = least(this.memory);
    this.bounded = this.cpu >= 0 && this.memory >= 0;
    this.sign = score === 'least' || score === 'leastPercent' ? 1 : -1;
    this.best = -1;
    this.bestScore = this.equal = this.better = Number.NEGATIVE_INFINITY;
  }

  found(node: number, turn: number, value: number): void {
    this.best = node;
    this.bestTurn = turn;
    this.bestScore = value;
    this.equal = this.#leastKey(value);
    this.better = this.#leastKey(value + 1);
  }

  /** The least key of a node that scores so high. Shares are rounded down: each of the two loses less than a step. */
  #leastKey(value: number): number {
    if (!this.bounded) return Number.NEGATIVE_INFINITY;
    switch (this.score) {
      case 'least':
        return value - slack;
      case 'leastPercent':
        return 200 * value - slack;
      case 'most':
        return value - 2 - slack;
      case 'mostPercent':
        return 100 * (2 * value - 3) - slack;
      case 'any':
        // All score zero, and none higher.
        return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    }
  }
}

/** Above every difference of two turns. */
const wholeRound = 0x3fffffff;

/** Which turn it is in a round that begins at `from`. */
export function turnFrom(turn: number, from: number): number {
  return turn < from ? turn - from + wholeRound : turn - from;
}

/** Which turn the first of some nodes may have in that round, at the earliest. */
export function firstTurnFrom(first: number, last: number, from: number): number {
  return first < from && last >= from ? 0 : turnFrom(first, from);
}

/** Zero asks for nothing, also of an overcommitted node. */
export function least(request: number): number {
  return request > 0 ? request : -Number.MAX_VALUE;
}
