import { canonicalJson } from './canonical-json.js';
import { sha256 } from './digest.js';
import type { Fact } from './fact.js';

/**
 * One text for what an action expects: the hash of its facts in any order. Equal fingerprints mean equal expectations; which
 * one failed on a live object only the facts themselves can say.
 */
export function fingerprint(facts: readonly Fact[]): Promise<string> {
  return sha256(`[${facts.map(canonicalJson).sort(compare).join(',')}]`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
