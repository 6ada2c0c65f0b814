import { fromNanoUsd, toNanoUsd } from '../money.js';
import type { Action, ActionGroup, Plan } from '../plan.js';
import { type ActionContent, contentsOf } from './action-content.js';
import { compareRejections, type RejectionChange } from './compare-rejections.js';

/** What differs between two plans, by content: ids and launch keys are each plan's own and never count. */
export interface PlanComparison {
  /** No action, saving or rejection differs. */
  readonly same: boolean;
  readonly groups: readonly GroupChange[];
  readonly currentUsdPerHour: Difference;
  readonly savingsUsdPerHour: Difference;
  readonly rejections: readonly RejectionChange[];
  /** All of it, a sentence each. */
  readonly sentences: readonly string[];
}

/** USD per hour, exact to the nano-dollar. */
export interface Difference {
  readonly before: number;
  readonly after: number;
  readonly difference: number;
}

export interface GroupChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Ids in their own plans. */
  readonly before?: string;
  readonly after?: string;
  readonly savingsUsdPerHour: Difference;
  readonly actions: readonly ActionChange[];
}

export interface ActionChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: Action;
  readonly after?: Action;
  /** Fields that differ, for a changed one. */
  readonly fields: readonly string[];
  readonly sentence: string;
}

/**
 * Compares two plans, for instance of two versions of an engine, or of yesterday and today. Groups are counterparts when they
 * share most of their actions; actions are when they do the same kind of thing to the same object.
 */
export function comparePlans(before: Plan, after: Plan): PlanComparison {
  const [earlier, later] = [contentsOf(before), contentsOf(after)];
  const pairs = pairGroups(before.groups, after.groups, earlier, later);
  const groups = pairs.flatMap(([old, now]) => compareGroups(old, now, earlier, later));
  const savings = difference(before.savingsUsdPerHour.point, after.savingsUsdPerHour.point);
  const current = difference(before.currentUsdPerHour, after.currentUsdPerHour);
  const rejections = compareRejections(before, after);
  const sentences = [
    ...moneySentences(savings, current),
    ...groups.flatMap(({ actions }) => actions.map(({ sentence }) => sentence)),
    ...rejections.map(({ sentence }) => sentence),
  ];
  const same = sentences.length === 0 && groups.length === 0;
  return { same, groups, currentUsdPerHour: current, savingsUsdPerHour: savings, rejections, sentences };
}

type Contents = ReadonlyMap<string, ActionContent>;
type Pair = readonly [before: ActionGroup | undefined, after: ActionGroup | undefined];

/** Each later group with the earlier one that shares most actions with it; the rest alone. */
function pairGroups(
  before: readonly ActionGroup[],
  after: readonly ActionGroup[],
  earlier: Contents,
  later: Contents,
): Pair[] {
  const home = new Map<string, ActionGroup>();
  for (const group of before) for (const { id } of group.actions) home.set(identity(earlier, id), group);
  const taken = new Set<ActionGroup>();
  const pairs: Pair[] = after.map((group) => {
    const shared = new Map<ActionGroup, number>();
    for (const { id } of group.actions) {
      const other = home.get(identity(later, id));
      if (other !== undefined && !taken.has(other)) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    const [best] = [...shared].sort(([, a], [, b]) => b - a);
    if (best === undefined) return [undefined, group];
    taken.add(best[0]);
    return [best[0], group];
  });
  for (const group of before) if (!taken.has(group)) pairs.push([group, undefined]);
  return pairs;
}

function compareGroups(
  before: ActionGroup | undefined,
  after: ActionGroup | undefined,
  earlier: Contents,
  later: Contents,
): GroupChange[] {
  const actions = compareActions(before?.actions ?? [], after?.actions ?? [], earlier, later);
  const savings = difference(before?.savingsUsdPerHour.point ?? 0, after?.savingsUsdPerHour.point ?? 0);
  if (actions.length === 0 && savings.difference === 0) return [];
  return [
    {
      change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      ...(before === undefined ? {} : { before: before.id }),
      ...(after === undefined ? {} : { after: after.id }),
      savingsUsdPerHour: savings,
      actions,
    },
  ];
}

function compareActions(
  before: readonly Action[],
  after: readonly Action[],
  earlier: Contents,
  later: Contents,
): ActionChange[] {
  const left = new Map(before.map(({ id }) => [identity(earlier, id), earlier.get(id) as ActionContent]));
  const changes: ActionChange[] = [];
  for (const { id } of after) {
    const now = later.get(id) as ActionContent;
    const old = left.get(now.identity);
    left.delete(now.identity);
    if (old === undefined) {
      changes.push({ change: 'added', after: now.action, fields: [], sentence: `New: ${now.title}.` });
      continue;
    }
    const names = new Set([...old.fields.keys(), ...now.fields.keys()]);
    const fields = [...names].filter((name) => old.fields.get(name) !== now.fields.get(name)).sort();
    if (fields.length === 0) continue;
    const sentence = `Changed: ${now.title} (${fields.join(', ')}).`;
    changes.push({ change: 'changed', before: old.action, after: now.action, fields, sentence });
  }
  for (const { action, title } of left.values()) {
    changes.push({ change: 'removed', before: action, fields: [], sentence: `Gone: ${title}.` });
  }
  return changes;
}

function identity(contents: Contents, id: string): string {
  return contents.get(id)?.identity ?? '';
}

function difference(before: number, after: number): Difference {
  return { before, after, difference: fromNanoUsd(toNanoUsd(after) - toNanoUsd(before)) };
}

function moneySentences(savings: Difference, current: Difference): string[] {
  const sentences: string[] = [];
  if (savings.difference !== 0) sentences.push(`Savings: ${change(savings)}.`);
  if (current.difference !== 0) sentences.push(`The bill today: ${change(current)}.`);
  return sentences;
}

function change({ before, after, difference: by }: Difference): string {
  return `${before} to ${after} USD an hour (${by > 0 ? '+' : ''}${by})`;
}
