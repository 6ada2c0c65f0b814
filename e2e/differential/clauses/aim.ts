import type { Pod } from '../kubernetes.js';
import type { Clause } from './clause.js';
import { type Cases, decisions, type Tally } from './tally.js';

/** Clauses that are looked for in one cluster: looking for all would cost more than asking. */
const clausesAtATime = 16;
const podsEach = 8;

/**
 * Those of the pods that rules decide which have decided too seldom so far. Only what is asked is chosen here, by our own
 * reading; what is true of it is asked of kube-scheduler.
 */
export async function aim(tally: Tally, cases: Cases): Promise<Pod[]> {
  const wanted = tally.wanted();
  const clauses = [...new Set(wanted.map(({ clause }) => clause))].slice(0, clausesAtATime);
  const decided = await decisions(clauses, cases);
  const chosen = new Set<Pod>();
  for (const { clause, verdict } of wanted.filter((one) => clauses.includes(one.clause))) {
    const hits = cases.pods.filter((_, index) => decided.get(clause as Clause)?.[index]?.has(verdict));
    for (const pod of hits.slice(0, podsEach)) chosen.add(pod);
  }
  return [...chosen];
}
