import type { Offering } from '@cloudoptim/core';
import {
  type BoundClass,
  type BoundColumn,
  type BoundProblem,
  launchProblem,
  mostOnOneNode,
  type StatedProblem,
} from '@cloudoptim/scheduling';
import type { Candidate } from './choose-offerings.js';
import { extendedOf } from './compare-resources.js';
import { type ExchangeRule, exchangeRules } from './exchange-rules.js';
import type { LaunchKind } from './launch-kind.js';
import type { LaunchPool } from './launch-pool.js';
import { type Launchable, launchable } from './launchable.js';
import type { Model } from './model.js';
import { movingPods } from './moving-pods.js';

/** New nodes that may be had. */
export interface LaunchChoices {
  readonly columns: readonly BoundColumn[];
  /** By column: what it is bought as. */
  readonly candidates: readonly Candidate[];
}

/** The pods of some nodes and the new nodes that they may go to, for `packClasses`. */
export interface ExchangeProblem extends BoundProblem {
  /** By class: its index in the problem of the whole cluster. */
  readonly classes: readonly (BoundClass & { readonly whole: number })[];
  readonly candidates: readonly Candidate[];
}

/** cpu and memory come first among the rows of a problem. */
const slackRows = 2;

/** States exchanges of nodes for new ones. The whole cluster's pods are put in classes once. */
export class ExchangeProblems {
  readonly #model: Model;
  readonly #whole: StatedProblem;
  readonly #columns: ReadonlyMap<string, BoundColumn>;
  readonly #choices = new Map<string, LaunchChoices>();
  /** By template. */
  readonly #rules: readonly ExchangeRule[];
  /** Zones of what may be launched. */
  readonly #zones: readonly string[];
  readonly #groups: number;

  constructor(model: Model) {
    const { state, market, policy } = model;
    this.#model = model;
    this.#whole = launchProblem(state, market, policy);
    this.#columns = new Map(this.#whole.columns.map((column) => [column.key, column]));
    this.#rules = exchangeRules(state);
    this.#zones = [...new Set(market.offerings.map(({ zone }) => zone))].sort();
    this.#groups = 1 + this.#whole.classes.reduce((most, { group }) => Math.max(most, group), -1);
  }

  /**
   * Undefined where a pod is of no class, so that nothing can be said of where it may go. `slack` is a share of cpu and memory
   * that is asked for beyond what pods need.
   */
  of(nodes: readonly number[], kind: LaunchKind, slack = 0): ExchangeProblem | undefined {
    const { placement } = this.#model.cluster;
    const counts = new Map<
      string,
      { readonly whole: number; readonly zone: number; readonly apart: number; count: number }
    >();
    const add = (whole: number, zone: number, apart: number) => {
      const key = `${whole} ${zone} ${apart}`;
      const known = counts.get(key);
      if (known !== undefined) known.count++;
      else counts.set(key, { whole, zone, apart, count: 1 });
    };
    for (const node of nodes) {
      const here = kind.zone === undefined ? this.#zones.indexOf(placement.node(node)?.zone ?? '') : -1;
      for (const pod of movingPods(this.#model.cluster, node)) {
        const whole = this.classOf(this.#model.cluster.originOf(pod));
        if (whole < 0) return undefined;
        const { keepsZone, apart } = this.#rules[placement.templateOf(pod)] as ExchangeRule;
        add(whole, keepsZone ? here : -1, apart);
      }
    }
    const choices = this.choices(kind);
    for (const whole of this.#waitingClasses(choices)) add(whole, -1, -1);
    const rules = this.#whole.columns[0]?.open.length ?? 0;
    const classes = [...counts.values()]
      .sort((a, b) => a.whole - b.whole || a.zone - b.zone || a.apart - b.apart)
      .map(({ whole, zone, apart, count }) => {
        const entry = this.#whole.classes[whole] as BoundClass;
        const needs = entry.needs.map((need, row) => (row < slackRows ? Math.ceil(need * (1 + slack)) : need));
        const group = entry.group >= 0 || apart < 0 ? entry.group : this.#groups + apart;
        return { ...entry, needs, count, whole, group, rule: entry.rule + (1 + zone) * rules };
      });
    return { rows: this.#whole.rows, classes, ...choices };
  }

  /** Classes of the pods that wait and that such nodes would take: they are there first. */
  *#waitingClasses({ columns }: LaunchChoices): Generator<number> {
    const { cluster } = this.#model;
    const taken = new Map<number, boolean>();
    for (const pod of cluster.waiting) {
      const whole = this.classOf(pod);
      const entry = this.#whole.classes[whole];
      if (entry === undefined || cluster.isSeated(pod)) continue;
      const fits = taken.get(whole) ?? columns.some((column) => mostOnOneNode(column, entry, whole) > 0);
      taken.set(whole, fits);
      if (fits) yield whole;
    }
  }

  /** Class of each pod that must move when the node goes; -1 for a pod of none. */
  classesOn(node: number): number[] {
    const { cluster } = this.#model;
    return movingPods(cluster, node).map((pod) => this.classOf(cluster.originOf(pod)));
  }

  /** Class of a pod of the state; -1 where it has none. */
  classOf(pod: number): number {
    return this.#whole.classOf[pod] ?? -1;
  }

  /** The cheapest launch of a kind that takes the pod of the state, of those that cost at least so much. */
  cheapestFor(pod: number, kind: LaunchKind, leastUsdPerHour: number): Launchable | undefined {
    const index = this.classOf(pod);
    const entry = this.#whole.classes[index];
    if (entry === undefined) return undefined;
    const { columns, candidates } = this.choices(kind);
    const at = columns.findIndex(
      (column) => column.usdPerHour >= leastUsdPerHour && mostOnOneNode(column, entry, index) > 0,
    );
    const wanted = candidates[at];
    if (wanted === undefined) return undefined;
    const { state, policy, options } = this.#model;
    const limits = { policy, maxOfferings: options.maxReplacementOfferings, belowUsdPerHour: Number.POSITIVE_INFINITY };
    return launchable(state, kind.pool, wanted, this.#model.candidates(kind.pool).all, limits);
  }

  /** Whether a new node, with nothing but DaemonSet pods on it yet, would take the pod of the state. */
  takes({ launchPool, offerings: [{ offering }] }: Launchable, pod: number): boolean {
    const index = this.classOf(pod);
    const entry = this.#whole.classes[index];
    const column = this.#column(offering, launchPool);
    return entry !== undefined && column !== undefined && mostOnOneNode(column, entry, index) > 0;
  }

  #column({ instanceType, zone, capacityType }: Offering, { pool }: LaunchPool): BoundColumn | undefined {
    return this.#columns.get([instanceType, zone, capacityType, pool.name].join('|'));
  }

  choices(kind: LaunchKind): LaunchChoices {
    const { pool, architecture, capacityType, zone } = kind;
    const key = [pool.via.kind, pool.pool.name, architecture ?? '', capacityType, zone ?? ''].join('|');
    let choices = this.#choices.get(key);
    if (choices === undefined) {
      const found = this.#model.candidates(pool).useful.flatMap((candidate) => {
        const { offering } = candidate;
        if (offering.capacityType !== capacityType) return [];
        if (architecture !== undefined && candidate.architecture !== architecture) return [];
        if (zone !== undefined && offering.zone !== zone) return [];
        const column = this.#column(offering, pool);
        if (column === undefined) return [];
        const open = zone === undefined ? this.#openByZone(column.open, offering.zone) : column.open;
        return [{ candidate, column: { ...this.#asObserved(column, candidate), open } }];
      });
      choices = { columns: found.map(({ column }) => column), candidates: found.map(({ candidate }) => candidate) };
      this.#choices.set(key, choices);
    }
    return choices;
  }

  /** Behind the rules, for each zone in turn: the same rules of pods that keep this zone. */
  #openByZone(open: Uint8Array, zone: string): Uint8Array {
    const all = new Uint8Array(open.length * (1 + this.#zones.length));
    all.set(open);
    all.set(open, open.length * (1 + this.#zones.indexOf(zone)));
    return all;
  }

  /** Nodes of the pool may be seen to offer less than the market says of their type. */
  #asObserved(column: BoundColumn, { offering, allocatable }: Candidate): BoundColumn {
    const type = this.#model.market.instanceTypes.find(({ name }) => name === offering.instanceType);
    if (type === undefined) return column;
    const said = type.allocatable;
    const lacking: Readonly<Record<string, number>> = {
      cpu: said.cpuMillicores - allocatable.cpuMillicores,
      memory: said.memoryBytes - allocatable.memoryBytes,
      'ephemeral-storage': (said.ephemeralStorageBytes ?? 0) - (allocatable.ephemeralStorageBytes ?? 0),
    };
    const capacity = column.capacity.map((amount, row) => {
      const name = this.#whole.rows[row] as string;
      const less = name === 'pods' ? 0 : (lacking[name] ?? extendedOf(said, name) - extendedOf(allocatable, name));
      const net = Math.max(0, amount - Math.max(0, less));
      return name === 'pods' ? Math.min(net, allocatable.pods) : net;
    });
    return { ...column, capacity };
  }
}
