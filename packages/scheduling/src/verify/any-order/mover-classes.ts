import { termsAgainst } from '../../filters/inter-pod-affinity.js';
import { objectRules } from '../../filters/object-rules.js';
import type { PodFacts } from '../../pod-facts.js';
import type { WorkingPlacement } from '../../working-placement.js';
import { interferes } from './interference.js';
import type { Mover } from './movers.js';

/** Movers that are alike in all that decides where they may go; together with others, in all but cpu and memory. */
export interface Class {
  /** With the most cpu and memory that one of them needs. */
  readonly facts: PodFacts;
  readonly movers: Mover[];
}

/**
 * The classes of movers. Each of a class counts as in the way of its like; a pod that others are kept away from for what its
 * successor will not be, such as a label of its own, is in their way until it goes, so such movers are asked about one by one.
 */
export function classesOf(movers: readonly Mover[], view: WorkingPlacement): Class[] {
  const classes = new Map<PodFacts, Class>();
  const alone: Class[] = [];
  for (const mover of movers) {
    const { facts } = mover;
    if (interferes(facts) && !comesForItsLike(mover, view)) {
      alone.push({ facts, movers: [mover] });
      continue;
    }
    const known = classes.get(facts);
    if (known === undefined) classes.set(facts, { facts, movers: [mover] });
    else known.movers.push(mover);
  }
  return [...classes.values(), ...alone];
}

function comesForItsLike({ from, pod }: Mover, view: WorkingPlacement): boolean {
  if (from === -1) return true;
  const labels = (extra: { readonly labels?: object } | undefined) => JSON.stringify(extra?.labels ?? {});
  return view.templateOf(from) === pod.template && labels(view.extraOf(from)) === labels(pod.extra);
}

/**
 * Sets of classes to which every node says the same, but for cpu and memory: one question answers for thousands of templates.
 * Where other pods have a say in it by what they are, and not by the room that they take, a class stays alone.
 */
export function classesAlike(classes: readonly Class[], view: WorkingPlacement): Class[][] {
  const alike = new Map<string, Class[]>();
  const alone: Class[][] = [];
  for (const own of classes) {
    const { facts } = own;
    if (facts.affinity.length > 0 || interferes(facts) || termsAgainst(facts, view).length > 0) {
      alone.push([own]);
      continue;
    }
    const key = rulesOf(facts);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [own]);
    else known.push(own);
  }
  return [...alike.values(), ...alone];
}

/** Everything that filters read of such a pod but cpu and memory; of topology spread, what tells which nodes are domains. */
function rulesOf({ template, ephemeralStorageBytes, extended, pinnedNode, unsupported, spread }: PodFacts): string {
  return JSON.stringify([
    [ephemeralStorageBytes, extended, pinnedNode, unsupported, objectRules(template)],
    [template.schedulingGates, template.requiredNodeFeatures],
    spread.map(({ topologyKey, minDomains, honourAffinity, honourTaints }) => [
      topologyKey,
      minDomains,
      honourAffinity,
      honourTaints,
    ]),
  ]);
}

/**
 * One class for all of them, as large as the largest. What blocks a node for a smaller pod blocks it for this one, and takes no
 * smaller share of what the others bring: (free − p) / (total − p) falls as p grows, as long as the node can be filled at all.
 */
export function together(classes: readonly Class[]): Class {
  const [{ facts }] = classes as [Class, ...Class[]];
  const most = (need: (facts: PodFacts) => number) =>
    classes.reduce((found, own) => Math.max(found, need(own.facts)), need(facts));
  return {
    facts: {
      ...facts,
      cpuMillicores: most(({ cpuMillicores }) => cpuMillicores),
      memoryBytes: most(({ memoryBytes }) => memoryBytes),
      asked: undefined,
    },
    movers: classes.flatMap((own) => own.movers),
  };
}
