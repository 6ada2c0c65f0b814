import { type BoundClass, type BoundProblem, dualBound } from '@cloudoptim/scheduling';
import { type Configuration, Configurations } from '../bound/configurations.js';
import { PriceGame } from '../bound/price-game.js';
import { packGreedily } from './greedy-packing.js';
import type { Held, PackedNode } from './packing.js';
import type { PodKinds } from './pod-kinds.js';
import { Stock } from './stock.js';

/** Most rows of the programme: beyond, a round takes longer than it helps. */
const mostRows = 240;

/** Turns of the game for prices to start from. */
const turns = [15, 20, 30, 40];

/** A group that needs this share of all nodes decides what they look like. */
const decisive = 0.5;

/** A node of a part of an amount is taken where the pods that are left fill it so well. */
const wellFilled = 0.97;

/**
 * A packing from the programme of whole nodes: its amounts rounded down are nodes as they should be, and what is left is packed
 * node by node. Much better than node by node from the start where nodes hold few pods each, or where a group asks for so many
 * nodes that small ones must be chosen well. Undefined where there are too many kinds of pods for so few nodes, or where nodes
 * with guests of their own are not like others.
 */
export async function packByConfigurations(
  problem: BoundProblem,
  kinds: PodKinds,
  nodes: readonly PackedNode[],
  looks: number,
  spend: (looked: number) => Promise<void>,
): Promise<readonly PackedNode[] | undefined> {
  const { columns } = problem;
  if (columns.some(({ residents, sharing }) => residents.size > 0 || sharing.size > 0)) return undefined;
  if (columns.some(({ kept, usdPerHour }) => kept || usdPerHour <= 0)) return undefined;
  const whole = new WholePods(problem, kinds, nodes);
  const rows = whole.problem.classes.length;
  const number = nodes.reduce((sum, { times }) => sum + times, 0);
  // With few nodes for many kinds, the programme would be all parts of nodes, which say nothing of whole ones.
  if (rows > mostRows || number < rows / 2) return undefined;
  let left = looks;
  const counted = async (looked: number) => {
    left -= looked;
    await spend(looked);
  };
  const game = new PriceGame(whole.problem);
  for (const round of turns) {
    await counted(round * game.unitsPerTurn);
    game.play(round);
  }
  const found = game.prices();
  const start = { classes: Float64Array.from(found.classes), columns: Float64Array.from(found.columns) };
  const first = nodes.map((node) => whole.configurationOf(node));
  const programme = new Configurations(whole.problem, start, dualBound(whole.problem, start, 'resources'), first);
  while (left > 0) if (!(await programme.round(counted))) break;
  return whole.realise(programme.amounts(), spend);
}

/** The problem by kinds of pods, those of decisive groups apart, and the way back. */
class WholePods {
  readonly problem: BoundProblem;
  readonly #original: BoundProblem;
  readonly #kinds: PodKinds;
  readonly #decisive: ReadonlySet<number>;
  /** By class of this problem: its kind, and whether its pods are those of decisive groups. */
  readonly #meaning: (readonly [kind: number, isApart: boolean])[] = [];
  readonly #numbers = new Map<number, number>();

  constructor(problem: BoundProblem, kinds: PodKinds, nodes: readonly PackedNode[]) {
    this.#original = problem;
    this.#kinds = kinds;
    const sizes = new Map<number, number>();
    for (const { group, count } of problem.classes) if (group >= 0) sizes.set(group, (sizes.get(group) ?? 0) + count);
    const number = nodes.reduce((sum, { times }) => sum + times, 0);
    this.#decisive = new Set([...sizes].flatMap(([group, size]) => (size > decisive * number ? [group] : [])));
    const classes: (BoundClass & { count: number })[] = [];
    problem.classes.forEach(({ count, needs, rule, group }, index) => {
      const isApart = this.#decisive.has(group);
      const kind = kinds.ofClass[index] as number;
      const key = 2 * kind + Number(isApart);
      const known = classes[this.#numbers.get(key) ?? -1];
      if (known !== undefined) {
        known.count += count;
        return;
      }
      this.#numbers.set(key, classes.length);
      this.#meaning.push([kind, isApart]);
      classes.push({ count, needs, rule, group: isApart ? 0 : -1 });
    });
    const sharing = new Map(this.#decisive.size > 1 ? [[0, this.#decisive.size]] : []);
    this.problem = { ...problem, classes, columns: problem.columns.map((column) => ({ ...column, sharing })) };
  }

  configurationOf({ column, holds }: PackedNode): Configuration {
    const counts = new Map<number, number>();
    for (const [index, count] of holds) {
      const isApart = this.#decisive.has((this.#original.classes[index] as BoundClass).group);
      const own = this.#numbers.get(2 * (this.#kinds.ofClass[index] as number) + Number(isApart)) as number;
      counts.set(own, (counts.get(own) ?? 0) + count);
    }
    return { column, holds: [...counts].sort(([a], [b]) => a - b) };
  }

  /** Nodes for the whole parts of the amounts, then for those other parts that are filled well, then for what is left. */
  async realise(
    amounts: readonly (Configuration & { readonly amount: number })[],
    spend: (looked: number) => Promise<void>,
  ): Promise<PackedNode[]> {
    const problem = this.#original;
    const stock = Stock.of(problem, this.#kinds);
    const made: PackedNode[] = [];
    const used = new Float64Array(problem.columns.length);
    const make = (configuration: Configuration, atLeast: number): boolean => {
      const { column } = configuration;
      if ((used[column] as number) >= (problem.columns[column]?.supply ?? 0)) return false;
      const { holds, part } = this.#fill(stock, configuration);
      if (holds.length === 0 || part < atLeast) return false;
      stock.addAll(holds, -1);
      used[column] = (used[column] as number) + 1;
      made.push({ column, times: 1, holds });
      return true;
    };
    for (const configuration of amounts)
      for (let copy = 1; copy <= configuration.amount + 1e-6; copy++) if (!make(configuration, 0.5)) break;
    const parts = amounts.map((configuration) => ({ configuration, part: configuration.amount % 1 }));
    parts.sort((a, b) => b.part - a.part);
    for (const { configuration } of parts) make(configuration, wellFilled);
    const columns = problem.columns.map((column, at) => ({ ...column, supply: column.supply - (used[at] as number) }));
    const rest = await packGreedily({ ...problem, columns }, this.#kinds, stock, spend);
    return [...made, ...rest.nodes];
  }

  /** Pods in stock for one node, and what part of those asked for they are. */
  #fill(stock: Stock, { holds: asked }: Configuration): { readonly holds: Held[]; readonly part: number } {
    const holds: Held[] = [];
    const groups = new Set<number>();
    let [got, wanted] = [0, 0];
    for (const [own, count] of asked) {
      const [kind, isApart] = this.#meaning[own] as readonly [number, boolean];
      let open = count;
      // The largest groups first: they need the most nodes.
      const size = (index: number) => (stock.groupOf(index) < 0 ? 0 : (stock.ofGroup[stock.groupOf(index)] as number));
      const members = (this.#kinds.members[kind] as readonly number[])
        .filter((index) => (stock.left[index] as number) > 0 && this.#decisive.has(stock.groupOf(index)) === isApart)
        .sort((a, b) => size(b) - size(a) || a - b);
      for (const index of members) {
        const group = stock.groupOf(index);
        if (open === 0 || groups.has(group)) continue;
        const taken = group < 0 ? Math.min(open, stock.left[index] as number) : 1;
        if (group >= 0) groups.add(group);
        holds.push([index, taken]);
        open -= taken;
      }
      got += count - open;
      wanted += count;
    }
    return { holds: holds.sort(([a], [b]) => a - b), part: got / wanted };
  }
}
