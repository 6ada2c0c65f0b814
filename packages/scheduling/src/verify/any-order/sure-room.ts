import { isFeasible } from '../../fits.js';
import type { PlacedAction } from '../../plan-index.js';
import type { PodFacts } from '../../pod-facts.js';
import { bringNode } from '../../run/launch.js';
import type { PlanRun } from '../../run/plan-run.js';
import { toleratesCordon } from '../../tolerates-cordon.js';
import type { Turns } from '../../turns.js';
import { mayTakeVolumes } from '../../volumes-taken.js';
import type { WorkingPlacement } from '../../working-placement.js';
import { besideEach } from './beside.js';
import { type Alike, Dimensions } from './dimensions.js';
import { interferes, mayCome } from './interference.js';
import { type Class, classesAlike, classesOf, together } from './mover-classes.js';
import type { Mover, Movers } from './movers.js';
import { RestingPods } from './resting-pods.js';
import { spreadDomains } from './spread-domains.js';

/**
 * The first mover that might find no node in some state that the plan can reach, found without going through the states; where
 * there is none, all find one whatever the order of groups, whichever of them fail, and wherever the scheduler puts the others.
 *
 * Nodes that stay only fill up, so a mover is sure of a place when all the others together cannot block every node that
 * would take it today (see `Blocking`). Pods that keep each other off a node (ports, anti-affinity, volumes) block one node
 * more each. Topology spread is not monotone, but in every state the domain with the fewest pods is open: so each domain must
 * have such a node. Required affinity counts only beside pods that never move. Launched nodes count for the groups that wait
 * for them, as each offering that they may turn out to be.
 */
export function* withoutSureRoom(run: PlanRun, all: Movers): Turns<Mover | undefined> {
  const { movers } = all;
  // A volume that one of them takes may be what all nodes of a zone had for the others: no worst case sums that up.
  const binding = movers.filter(({ facts }) => mayTakeVolumes(facts, run.placement));
  if (binding.length > 1) return binding[0];
  const mark = run.mark();
  const launched = launchedNodes(run);
  const classes = classesOf(movers, run.placement);
  const circumstances: Circumstances = {
    launched,
    classes,
    dimensions: new Dimensions(classes.map(alike), run.placement),
    visits: new Visits(run.placement, movers),
    resting: new RestingPods(run, all),
  };
  const survivors = survivingNodes(run, circumstances);
  const beside = besideEach(classes, run.placement);
  const unsureOf = (own: Class, others: number | undefined) =>
    others === undefined ? own.movers[0] : unsure(run, own, survivors, others, circumstances);
  /** The first class that is not sure, in order. Halves that are sure together need not be asked one by one. */
  const firstOf = function* (among: readonly Class[]): Turns<Class | undefined> {
    const [first] = among;
    if (first === undefined) return undefined;
    yield;
    const others = among.map((own) => beside.get(own)).reduce(larger);
    if (unsureOf(among.length === 1 ? first : together(among), others) === undefined) return undefined;
    if (among.length === 1) return first;
    const half = among.length >> 1;
    return (yield* firstOf(among.slice(0, half))) ?? (yield* firstOf(among.slice(half)));
  };
  const position = new Map(classes.map((own, at) => [own, at]));
  const before = (own: Class, other: Class | undefined) =>
    other === undefined || (position.get(own) as number) < (position.get(other) as number);
  let found: Class | undefined;
  for (const among of classesAlike(classes, run.placement))
    found = (yield* firstOf(among.filter((own) => before(own, found)))) ?? found;
  const mover = found === undefined ? undefined : unsureOf(found, beside.get(found));
  run.rollback(mark);
  return mover;
}

/** Nodes of a launch, one for each offering that it may turn out to be. */
interface Launched {
  readonly entry: PlacedAction;
  readonly nodes: readonly number[];
}

interface Circumstances {
  readonly classes: readonly Class[];
  readonly launched: readonly Launched[];
  readonly dimensions: Dimensions;
  readonly visits: Visits;
  readonly resting: RestingPods;
}

function launchedNodes(run: PlanRun): Launched[] {
  return run.index.actions.flatMap((entry) => {
    const { action } = entry;
    if (action.kind !== 'launch-node') return [];
    return [{ entry, nodes: action.offerings.map((offering) => bringNode(run, entry, action, offering)) }];
  });
}

/** Nodes of the state that the plan leaves where they are, the roomiest first. */
function survivingNodes(run: PlanRun, { dimensions }: Circumstances): number[] {
  const { placement, index } = run;
  const room = placement.state.nodes.map((_, node) =>
    index.removedNodes.has(node) ? -1 : dimensions.roominess(placement, node),
  );
  const nodes = room.flatMap((share, node) => (share >= 0 ? [node] : []));
  return nodes.sort((a, b) => (room[b] as number) - (room[a] as number) || a - b);
}

function larger(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}

/** Up to how many nodes it is asked which movers may come there at all. */
const fewNodes = 64;

/** The first of a class that is not sure of a place. */
function unsure(
  run: PlanRun,
  { facts, movers }: Class,
  survivors: readonly number[],
  beside: number,
  { classes, launched, dimensions, visits, resting }: Circumstances,
): Mover | undefined {
  const { placement } = run;
  const [constraint, ...others] = facts.spread;
  // A pod that may go to a cordoned node has to leave it again, which nothing here counts.
  if (others.length > 0 || toleratesCordon(facts, placement)) return movers[0];
  const mark = placement.mark();
  const from = movers[0]?.from ?? -1;
  // Where it is now it stands in its own way: a claim that one pod may use, anti-affinity to its like.
  if (interferes(facts) && placement.nodeOf(from) !== -1) placement.remove(from);
  // The domain with the fewest pods is open whatever the skew, so the constraint itself is not asked.
  const asked: PodFacts = constraint === undefined ? facts : { ...facts, spread: [], asked: undefined };
  const besideResting = resting.near(facts);
  const takes = (node: number) => isFeasible(asked, node, placement) && besideResting(node);
  /** Of the survivors, those that would take it, once all were looked at. */
  let open: readonly number[] | undefined;
  /** Whether somebody is left to take the pod: against all movers, and where few nodes would, against those that may come there. */
  const bound = (nodes: readonly number[], more: readonly Launched[] = []) => {
    const all = dimensions.blocking(facts, beside, placement);
    const taking: (readonly number[])[] = [];
    const known = nodes === survivors ? open : undefined;
    for (const node of known ?? nodes) {
      if (known === undefined && !takes(node)) continue;
      if (all.add([node])) return true;
      taking.push([node]);
    }
    if (nodes === survivors) open ??= taking.flat();
    for (const { nodes: own } of more) {
      if (!own.every(takes)) continue;
      if (all.add(own)) return true;
      taking.push(own);
    }
    if (taking.length === 0 || taking.length > fewNodes) return false;
    const few = new Dimensions(visits.to(taking.flat(), classes, facts), placement).blocking(facts, beside, placement);
    return taking.some((own) => few.add(own)) || few.holdsWithWeights();
  };
  let [left] = movers;
  if (constraint !== undefined) {
    const domains = spreadDomains(facts, constraint, survivors, placement);
    if (domains?.every((nodes) => bound(nodes)) === true) left = undefined;
  } else if (bound(survivors)) left = undefined;
  else if (launched.length > 0) {
    // Movers of one action wait for the same launches.
    const sure = new Map<PlacedAction, boolean>();
    left = movers.find(({ entry: own }) => {
      const known = sure.get(own);
      if (known !== undefined) return !known;
      const certain = launched.filter(({ entry }) => run.index.precedes(entry, own));
      const answer = certain.length > 0 && bound(survivors, certain);
      sure.set(own, answer);
      return !answer;
    });
  }
  placement.rollback(mark);
  return left;
}

function alike({ facts, movers }: Class): Alike {
  return { facts, count: movers.length };
}

/** Which movers may come to a node in some state. Nodes that stay only fill up, so today tells, but where a mover leaves. */
class Visits {
  readonly #placement: WorkingPlacement;
  readonly #left: ReadonlySet<number>;
  readonly #known = new Map<PodFacts, Map<number, boolean>>();

  constructor(placement: WorkingPlacement, movers: readonly Mover[]) {
    this.#placement = placement;
    this.#left = new Set(movers.map(({ from }) => (from === -1 ? -1 : placement.nodeOf(from))));
  }

  /** Movers that may come to one of the nodes, those of the class itself among them. */
  to(nodes: readonly number[], classes: readonly Class[], own: PodFacts): Alike[] {
    return classes.flatMap((entry) =>
      // What other pods allow or forbid may change.
      entry.facts === own || nodes.some((node) => this.#mayCome(entry.facts, node)) ? [alike(entry)] : [],
    );
  }

  #mayCome(facts: PodFacts, node: number): boolean {
    const answers = this.#known.get(facts) ?? new Map<number, boolean>();
    this.#known.set(facts, answers);
    let answer = answers.get(node);
    if (answer === undefined) {
      answer = mayCome(facts, node, this.#placement, this.#left.has(node));
      answers.set(node, answer);
    }
    return answer;
  }
}
