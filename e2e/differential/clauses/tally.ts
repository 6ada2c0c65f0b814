import { createPlacement } from '@cloudoptim/scheduling';
import type { KubernetesObject } from '../../rig/api-client.js';
import { edited, type Pod } from '../kubernetes.js';
import { feasibleNames, type Reading, read } from '../oracle.js';
import type { PlayedVersion } from '../played-version.js';
import type { Clause, ClauseVerdict, Switch } from './clause.js';

/** Pods and the cluster that they are asked about, however they came. */
export interface Cases {
  readonly cluster: readonly KubernetesObject[];
  readonly pods: readonly Pod[];
  readonly version: PlayedVersion;
}

/** In how many probes each clause decided, by what it said. */
export class Tally {
  readonly #counts = new Map<string, Record<ClauseVerdict, number>>();
  readonly #clauses: readonly Clause[];
  readonly #enough: number;

  /** A clause that decided `enough` times in every way it can is not asked any more. */
  constructor(clauses: readonly Clause[], enough: number) {
    this.#clauses = clauses;
    this.#enough = enough;
  }

  count(clause: Clause, verdict: ClauseVerdict): number {
    return this.#counts.get(clause.id)?.[verdict] ?? 0;
  }

  /** Clauses with the verdicts that they have not given often enough, the rarest first. */
  wanted(): { readonly clause: Clause; readonly verdict: ClauseVerdict }[] {
    return this.#clauses
      .flatMap((clause) => clause.verdicts.map((verdict) => ({ clause, verdict, count: this.count(clause, verdict) })))
      .filter(({ count }) => count < this.#enough)
      .sort((a, b) => a.count - b.count);
  }

  async add(cases: Cases): Promise<void> {
    const wanted = new Set(this.wanted().map(({ clause }) => clause));
    const decided = await decisions([...wanted], cases);
    for (const [clause, verdicts] of decided) {
      const counts = this.#counts.get(clause.id) ?? { refused: 0, allowed: 0 };
      this.#counts.set(clause.id, counts);
      for (const said of verdicts) for (const verdict of said) counts[verdict]++;
    }
  }
}

/**
 * What each clause said about each pod, where it decided: where the feasible set, as our oracle sees it, is another with the
 * clause switched off.
 */
export async function decisions(
  clauses: readonly Clause[],
  cases: Cases,
): Promise<Map<Clause, readonly ReadonlySet<ClauseVerdict>[]>> {
  const names = namesOf(await read(cases.cluster, cases.pods, cases.version));
  const before = cases.pods.map((_, index) => names(index));
  const all = new Map<Clause, Set<ClauseVerdict>[]>();
  for (const clause of clauses) {
    const said = cases.pods.map((): Set<ClauseVerdict> => new Set());
    for (const one of clause.switches) await decide(one, cases, before, said);
    all.set(clause, said);
  }
  return all;
}

async function decide(
  { pod: changePod, cluster: changeCluster }: Switch,
  cases: Cases,
  before: readonly ReadonlySet<string>[],
  said: readonly Set<ClauseVerdict>[],
): Promise<void> {
  const changed = cases.pods.map((pod) => (changePod === undefined ? pod : edited(pod, changePod)));
  const asked = changed.flatMap((pod, index) => (pod === undefined ? [] : [{ pod, index }]));
  if (asked.length === 0) return;
  let { cluster } = cases;
  if (changeCluster !== undefined) {
    const copy: KubernetesObject[] = structuredClone([...cluster]);
    if (!changeCluster(copy)) return;
    cluster = copy;
  }
  const reading = await read(
    cluster,
    asked.map(({ pod }) => pod),
    cases.version,
  );
  const there = new Set(reading.state.nodes.map(({ name }) => name));
  const names = namesOf(reading);
  asked.forEach(({ index }, position) => {
    const after = names(position);
    const old = before[index] as ReadonlySet<string>;
    const own = said[index] as Set<ClauseVerdict>;
    for (const name of after) if (!old.has(name)) own.add('refused');
    for (const name of old) if (!after.has(name) && there.has(name)) own.add('allowed');
  });
}

function namesOf(reading: Reading): (pod: number) => ReadonlySet<string> {
  const placement = createPlacement(reading.state);
  return (pod) => new Set(feasibleNames(reading, placement, pod));
}
