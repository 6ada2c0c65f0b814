import type { Shown } from './judge/refusal-shown.js';
import { casesFolder } from './keep-case.js';
import type { PlanResult } from './one-cluster.js';
import type { DifferentialRun } from './plan-differential.js';

/** Least share of refusals that must be shown to be right. */
export const leastShown = 0.95;

/** What a run comes to, in numbers. */
export interface Totals {
  readonly clusters: number;
  readonly plans: number;
  readonly accepted: number;
  readonly acceptedWell: number;
  /** Of these, stopped before their end since a pod that waited had come to a node first. */
  readonly stopped: number;
  readonly refusals: number;
  readonly shown: number;
  readonly notReached: number;
  /** Engine plans that ended well, and those of them after which the engine proposes nothing more. */
  readonly asked: number;
  readonly fixedPoints: number;
}

export function totalsOf(results: readonly PlanResult[]): Totals {
  const accepted = results.filter(({ verdict }) => verdict === 'verified');
  const refusals = results.flatMap((result) => result.refusals);
  const asked = results.filter(({ groupsAfter }) => groupsAfter !== undefined);
  return {
    clusters: new Set(results.map(({ cluster }) => cluster)).size,
    plans: results.length,
    accepted: accepted.length,
    acceptedWell: accepted.filter(({ troubles }) => troubles.length === 0).length,
    stopped: accepted.filter(({ stopped, troubles }) => stopped && troubles.length === 0).length,
    refusals: refusals.length,
    shown: refusals.filter(isShown).length,
    notReached: refusals.filter(({ outcome }) => outcome === 'not-reached').length,
    asked: asked.length,
    fixedPoints: asked.filter(({ groupsAfter }) => groupsAfter === 0).length,
  };
}

/** Of the refusals whose step was reached, the share that was shown to be right; 1 when there are none. */
export function shareShown({ refusals, shown, notReached }: Totals): number {
  return refusals === notReached ? 1 : shown / (refusals - notReached);
}

/** Plans by source and verdict. */
export function planRows(results: readonly PlanResult[]) {
  const sources = ['engine', 'random', 'mutated'] as const;
  const verdicts = ['verified', 'conditional', 'refused'] as const;
  return sources.flatMap((source) =>
    verdicts.flatMap((verdict) => {
      const plans = results.filter((result) => result.source === source && result.verdict === verdict);
      if (plans.length === 0) return [];
      const well = plans.filter(({ troubles }) => troubles.length === 0).length;
      const sum = (read: (result: PlanResult) => number) => plans.reduce((total, plan) => total + read(plan), 0);
      const several = plans.filter(({ inFlight, groups }) => inFlight > 1 && groups > 1).length;
      return [
        {
          source,
          verdict,
          plans: plans.length,
          endedWell: well,
          groups: sum(({ groups }) => groups),
          severalInFlight: several,
          evictions: sum(({ evictions }) => evictions),
        },
      ];
    }),
  );
}

/** Refusals by code. */
export function refusalRows(results: readonly PlanResult[]) {
  const refusals = results.flatMap((result) => result.refusals);
  const codes = [...new Set(refusals.map(({ code }) => code))].sort();
  return codes.map((code) => {
    const own = refusals.filter((refusal) => refusal.code === code);
    const count = (outcome: Shown['outcome']) => own.filter((refusal) => refusal.outcome === outcome).length;
    return {
      code,
      refusals: own.length,
      seen: count('seen'),
      liveFact: count('live-fact'),
      planFact: count('plan-fact'),
      notReached: count('not-reached'),
      notShown: count('not-shown'),
    };
  });
}

/** Each accepted plan that ended badly and each refusal that was not shown, with what repeats it, and where they are kept. */
export function differences(results: readonly PlanResult[]): string[] {
  const lines = results.flatMap((result) => {
    const where = `seed ${result.cluster}, plan ${result.position} (${result.source}, ${result.how})`;
    const bad =
      result.verdict === 'verified' ? result.troubles.map((trouble) => `${where}: accepted, but ${trouble}`) : [];
    const unshown = result.refusals
      .filter(({ outcome }) => outcome === 'not-shown')
      .map(({ code, message, by }) => `${where}: refused, ${code} not shown (${by}): ${message}`);
    return [...bad, ...unshown];
  });
  return lines.length === 0 ? [] : [...lines, `kept as JSON, with all that was seen: ${casesFolder}`];
}

/** Everything, for a terminal. */
export function reportLines({ results, seconds }: DifferentialRun, seed: number): string[] {
  const totals = totalsOf(results);
  return [
    `plan differential: seed ${seed}, ${totals.clusters} clusters, ${totals.plans} plans, ${seconds.toFixed(0)} s`,
    ...tableLines(planRows(results)),
    ...tableLines(refusalRows(results)),
    `accepted plans that ended well: ${totals.acceptedWell} of ${totals.accepted}, ${totals.stopped} of them stopped since a pod that waited came first`,
    `refusals shown to be right: ${totals.shown} of ${totals.refusals - totals.notReached} (${percent(shareShown(totals))}); ${totals.notReached} more behind an action that failed`,
    `engine plans after which nothing more is proposed: ${totals.fixedPoints} of ${totals.asked}`,
    ...differences(results),
  ];
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function isShown({ outcome }: Shown): boolean {
  return outcome === 'seen' || outcome === 'live-fact' || outcome === 'plan-fact';
}

function tableLines(rows: readonly Readonly<Record<string, string | number>>[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => (line[at] as string).length)));
  return cells.map(
    (line) =>
      `  ${line
        .map((cell, at) => cell.padEnd(widths[at] as number))
        .join('  ')
        .trimEnd()}`,
  );
}
