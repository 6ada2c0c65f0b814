import type { BenchCheck, BenchResult } from '../../benchmarks/bench.js';
import type { Clause } from './clauses/clause.js';
import { clauses, clausesOf } from './clauses/table.js';
import type { Tally } from './clauses/tally.js';
import { volumeClauses } from './clauses/volumes.js';
import { describeDifference } from './differences.js';
import { filterGame, volumeGame } from './mutants/game.js';
import { type Bag, type Game, hunt } from './mutants/hunt.js';
import { runPreemptionStage } from './preemption-stage.js';
import { runStage, type StageOptions, type StageResult } from './stage.js';

export interface DifferentialOptions {
  readonly seed: number;
  readonly probes: number;
  /** How often each clause is to decide, each way that it can. */
  readonly enough: number;
  readonly emulatedVersion?: string;
  readonly log: (line: string) => void;
}

/** So many are asked in CI; runs of more may take as long as they like. */
export const probesInCi = 16_000;

/** Our filters against the real kube-scheduler: the table of what was asked, and what it is held to. */
export async function runDifferential(options: DifferentialOptions): Promise<BenchResult> {
  const begun = performance.now();
  const { emulatedVersion, probes } = options;
  const suffix = emulatedVersion === undefined ? '' : `, emulated ${emulatedVersion}`;
  const laboratory = emulatedVersion === undefined ? {} : { emulatedVersion };
  // Without an emulated version every gate that we ask about is as it was built.
  const own = emulatedVersion === undefined ? clauses : clausesOf({ built: emulatedVersion });
  const parts = [
    await runPart({ ...options, laboratory, name: `filter${suffix}`, clauses: own }, filterGame),
    await runPart(
      {
        ...options,
        ...{ name: `volume${suffix}`, clauses: volumeClauses, volumes: true },
        // No controller of volumes: they would put right what only the scheduler is to judge.
        laboratory: { ...laboratory, controllers: 'ephemeral-volume-controller' },
        // A quarter as many rules, but each asks for clusters with more in them.
        probes: Math.ceil(probes / 8),
      },
      volumeGame,
    ),
    await runPart({
      ...options,
      ...{ name: `claims${suffix}`, clauses: [], volumes: true, controlled: true, probes: Math.ceil(probes / 160) },
      laboratory: { ...laboratory, controllers: 'persistentvolume-binder-controller,ephemeral-volume-controller' },
    }),
    await runPreemption({ ...options, laboratory, name: `preemption${suffix}`, probes: Math.ceil(probes / 100) }),
  ];
  const seconds = (performance.now() - begun) / 1000;
  const rules = own.length + volumeClauses.length;
  return {
    rows: parts.flatMap((part) => part.rows),
    checks: [
      ...parts.flatMap((part) => part.checks),
      check('clauses', rules, '>= 70', rules >= 70),
      ...(probes > probesInCi ? [] : [check('seconds in all', Math.round(seconds), '<= 360', seconds <= 360)]),
    ],
  };
}

/** One stage with its clauses and the mutants that it can judge. */
async function runPart(options: StageOptions, game?: Game) {
  const { log } = options;
  const stage = await runStage(options);
  try {
    for (const one of stage.differences.slice(0, 5)) log(describeDifference(one));
    for (const one of stage.irreproducible) log(`not repeated: ${describeDifference(one)}`);
    // A mutant cannot be told from the original by answers that the original does not give either.
    const bag = game !== undefined && stage.differences.length === 0 ? await hunt(game, stage.recording) : undefined;
    for (const { id, argument } of bag?.survivors ?? []) log(`survived: ${id} (${argument ?? 'not argued'})`);
    return {
      rows: [
        ...stageRows(stage),
        ...clauseRows(options.clauses, stage.tally),
        ...(bag === undefined ? [] : mutantRows(bag)),
      ],
      checks: [
        ...stageChecks(stage),
        ...(options.clauses.length === 0 ? [] : [clauseCheck(options, stage.tally)]),
        ...(bag === undefined ? [] : mutantChecks(options.name, bag)),
      ],
    };
  } finally {
    stage.recording.remove();
  }
}

/** The filters with preemption on, and whom it disturbs. */
async function runPreemption(options: Parameters<typeof runPreemptionStage>[0] & { readonly name: string }) {
  const { name, log } = options;
  const { probes, differences, disturbed, preempted } = await runPreemptionStage(options);
  for (const one of differences.slice(0, 5)) log(describeDifference(one));
  return {
    rows: [row('stage', `${name}: probes`, { cases: probes })],
    checks: [
      check(
        `${name}: differences from kube-scheduler in ${probes} probes`,
        differences.length,
        '0',
        differences.length === 0,
      ),
      check(
        `${name}: pods that went for none that may preempt`,
        disturbed.join(' ') || 'none',
        'none',
        disturbed.length === 0,
      ),
      check(`${name}: pods that went for those that may`, preempted, '> 0', preempted > 0),
    ],
  };
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

function clauseRows(own: readonly Clause[], tally: Tally): Row[] {
  return own.map((clause) => {
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

function clauseCheck({ name, enough }: StageOptions, tally: Tally): BenchCheck {
  const short = tally.wanted().map(({ clause, verdict }) => `${clause.id} ${verdict} ${tally.count(clause, verdict)}`);
  const what = `${name}: clauses that decided fewer than ${enough} times, one way or the other`;
  return check(what, short.join(', ') || 'none', 'none', short.length === 0);
}

function mutantChecks(name: string, { filters, survivors, unjudged }: Bag): BenchCheck[] {
  const sum = (key: 'mutants' | 'killed') => filters.reduce((total, one) => total + one[key], 0);
  const few = filters.filter(({ mutants }) => mutants < 4).map(({ filter, mutants }) => `${filter} ${mutants}`);
  const killed = sum('killed') / sum('mutants');
  const silent = survivors.filter(({ argument }) => argument === undefined).length;
  return [
    check(`${name}: filters with fewer than 4 mutants`, few.join(', ') || 'none', 'none', few.length === 0),
    check(
      `${name}: mutants killed of ${sum('mutants')} (${unjudged} more are of code that no answer reaches), %`,
      round(100 * killed),
      '>= 95',
      killed >= 0.95,
    ),
    check(`${name}: mutants that survived and nobody argued`, silent, '0', silent === 0),
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
