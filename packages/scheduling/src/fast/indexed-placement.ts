import type { Reason } from '@cloudoptim/core';
import { isFeasible } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import { chooseAnyhow, chooseByScore } from '../run/choose.js';
import { nodeScore, type ScoringRule } from '../score.js';
import { bestNode, refusalCounts } from '../simulate-plain.js';
import { WorkingPlacement } from '../working-placement.js';
import type { FastPlacement } from './fast-placement.js';

const none: ReadonlySet<number> = new Set();

/** A FastPlacement over the plain placement: every answer is a scan. */
export class IndexedPlacement extends WorkingPlacement implements FastPlacement {
  choose(pod: IncomingPod, rule: ScoringRule, except = none): number {
    const facts = this.facts(pod);
    return facts.unsupported === undefined ? bestNode(this, facts, nodeScore(rule), except) : -1;
  }
  chooseByScore(pod: IncomingPod, strategy: 'LeastAllocated' | 'MostAllocated', random: () => number): number {
    const facts = this.facts(pod);
    return facts.unsupported === undefined ? chooseByScore(strategy, random)(this, facts, []) : -1;
  }
  chooseAnyhow(pod: IncomingPod, random: () => number): number {
    const facts = this.facts(pod);
    return facts.unsupported === undefined ? chooseAnyhow(random)(this, facts, []) : -1;
  }
  isFeasible(pod: IncomingPod, node: number): boolean {
    const facts = this.facts(pod);
    return facts.unsupported === undefined && this.node(node) !== undefined && isFeasible(facts, node, this);
  }
  feasibleNodes(pod: IncomingPod): number[] {
    const nodes = [];
    for (let node = 0; node < this.nodeCount; node++) if (this.isFeasible(pod, node)) nodes.push(node);
    return nodes;
  }
  reasons(pod: IncomingPod, except = none): Readonly<Record<string, number>> {
    return refusalCounts(this, this.facts(pod), except);
  }
  unsupported(pod: IncomingPod): Reason | undefined {
    return this.facts(pod).unsupported;
  }
}
