import type { BenchCheck, BenchResult } from '../../benchmarks/bench.js';
import { clauses } from './clauses/table.js';
import type { Tally } from './clauses/tally.js';
import { describeDifference } from './differences.js';
import { filterGame } from './mutants/game.js';
import { type Bag, hunt } from './mutants/hunt.js';
import { runStage, type StageResult } from './stage.js';

export interface DifferentialOptions {
  readonly seed: number;
  readonly probes: number;
  /** How often each clause is to decide, each way that it can. */
  readonly enough: number;
  readonly emulatedVersion?: string;
  readonly log: (line: string) => void;
}

/** Our filters against the real kube-scheduler: the table of what was asked, and what it is held to. */
export async function runDifferential(options: DifferentialOptions): Promise<BenchResult> {
  const begun = performance.now();
  const { emulatedVersion, log } = options;
  const filter = await runStage({
    ...options,
    name: emulatedVersion === undefined ? 'filter' : `filter, emulated ${emulatedVersion}`,
    laboratory: emulatedVersion === undefined ? {} : { emulatedVersion },
  });
  try {
    for (const one of filter.differences.slice(0, 5)) log(describeDifference(one));
    for (const one of filter.irreproducible) log(`not repeated: ${describeDifference(one)}`);
    // A mutant answers like the original, were the original not right in the first place.
    const bag = filter.differences.length === 0 ? await hunt(filterGame, filter.recording) : undefined;
    for (const { id, argument } of bag?.survivors ?? []) log(`survived: ${id} (${argument ?? 'not argued'})`);
    const seconds = (performance.now() - begun) / 1000;
    return {
      rows: [...stageRows(filter), ...clauseRows(filter.tally), ...(bag === undefined ? [] : mutantRows(bag))],
      checks: [
        ...stageChecks(filter),
        ...clauseChecks(filter.tally, options.enough),
        ...(bag === undefined ? [] : mutantChecks(bag)),
        check('seconds in all', Math.round(seconds), '<= 360', seconds <= 360),
      ],
    };
  } finally {
    filter.recording.remove();
  }
}

type Row = BenchResult['rows'][number];

function row(
  part: string,
  name: string,
  more: Partial<Record<'cases' | 'refused' | 'allowed' | 'killed', number | '-'>>,
): Row {
  return { part, name, cases: '-', refused: '-', allowed: '-', killed: '-', ...more };
}

function stageRows({ name, probes, clusters }: StageResult): Row[] {
  return [row('stage', `${name}: probes in ${clusters} clusters`, { cases: probes })];
}

function clauseRows(tally: Tally): Row[] {
  return clauses.map((clause) => {
    const { id, rule, verdicts } = clause;
    const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, tally.count(clause, verdict)]));
    return row('clause', `${id}: ${rule}`, counts);
  });
}

function mutantRows({ filters }: Bag): Row[] {
  return filters.map(({ filter, mutants, killed }) => row('mutants', filter, { cases: mutants, killed }));
}

function check(what: string, value: number | string, target: string, met: boolean): BenchCheck {
  return { what, value, target, met };
}

function stageChecks({ name, probes, differences, irreproducible, tellingShare, refused }: StageResult): BenchCheck[] {
  const of = (half: 'plain' | 'fast') => differences.filter((one) => one.half === half).length;
  const share = irreproducible.length / probes;
  const silent = 1 - tellingShare;
  return [
    check(
      `${name}: differences of plain fits from kube-scheduler in ${probes} probes`,
      of('plain'),
      '0',
      of('plain') === 0,
    ),
    check(`${name}: differences of the fast half in ${probes} probes`, of('fast'), '0', of('fast') === 0),
    check(`${name}: answers that another try did not repeat, %`, round(100 * share), '< 0.1', share < 0.001),
    check(`${name}: pods with no or all nodes feasible, %`, round(100 * silent), '<= 30', silent <= 0.3),
    check(
      `${name}: pods that the API server refused, %`,
      round((100 * refused) / probes),
      '<= 5',
      refused / probes <= 0.05,
    ),
  ];
}

function clauseChecks(tally: Tally, enough: number): BenchCheck[] {
  const short = tally.wanted().map(({ clause, verdict }) => `${clause.id} ${verdict} ${tally.count(clause, verdict)}`);
  return [
    check('clauses', clauses.length, '>= 70', clauses.length >= 70),
    check(
      `clauses that decided fewer than ${enough} times, one way or the other`,
      short.join(', ') || 'none',
      'none',
      short.length === 0,
    ),
  ];
}

function mutantChecks({ filters, survivors, unjudged }: Bag): BenchCheck[] {
  const sum = (key: 'mutants' | 'killed') => filters.reduce((total, one) => total + one[key], 0);
  const fewest = Math.min(...filters.map(({ mutants }) => mutants));
  const killed = sum('killed') / sum('mutants');
  const silent = survivors.filter(({ argument }) => argument === undefined).length;
  return [
    check('mutants of the filter with the fewest', fewest, '>= 4', fewest >= 4),
    check(
      `mutants killed of ${sum('mutants')} (${unjudged} more are of code that no answer reaches), %`,
      round(100 * killed),
      '>= 95',
      killed >= 0.95,
    ),
    check('survivors that nobody argued', silent, '0', silent === 0),
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
