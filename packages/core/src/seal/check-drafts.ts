import type { DraftGroup } from '../decision.js';
import { type Issue, issueLimit } from '../errors/issue.js';
import type { IntentKind } from '../intent.js';
import { plainJson } from '../plain-json.js';
import type { Draft } from '../plan.js';
import type { Policy } from '../policy.js';
import { workloadKey } from '../references.js';
import { issuesOf } from '../schemas/issues-of.js';
import { draftSchema } from '../schemas/plan.js';
import type { StateIndex } from './state-index.js';
import { nodeRefsOf, templatesOf, workloadOf } from './touched-objects.js';

/** A draft that fits the contract, with nothing in it but the contract's fields. */
export interface CheckedGroup {
  readonly actions: readonly Draft[];
  readonly after?: readonly number[];
  readonly executor?: 'karpenter';
}

/** Where each launch of the plan stands. */
export type Launches = ReadonlyMap<string, { readonly group: number; readonly index: number; readonly draft: Launch }>;
export type Launch = Extract<Draft, { kind: 'launch-node' }>;

interface Check {
  readonly index: StateIndex | undefined;
  readonly policy: Policy;
  readonly issues: Issue[];
  /** Awaited once a group. */
  readonly pause: () => Promise<void>;
}

/**
 * Reads an author's drafts: references keep their own fields only (a whole Workload may have been passed as one), numbers
 * survive JSON, and whatever is named exists. Adds to `issues` what is wrong.
 */
export async function checkDrafts(
  groups: readonly DraftGroup[],
  { index, policy, issues, pause }: Check,
): Promise<{ readonly groups: readonly CheckedGroup[]; readonly launches: Launches }> {
  const checked: CheckedGroup[] = [];
  for (const [group, { actions, after, executor }] of groups.entries()) {
    await pause();
    checked.push({
      actions: actions.flatMap((draft, at) => readDraft(draft, `groups[${group}].actions[${at}]`, issues)),
      ...(after === undefined ? {} : { after }),
      ...(executor === undefined ? {} : { executor }),
    });
  }
  // Positions mean nothing when some draft could not be read.
  if (issues.length > 0) return { groups: checked, launches: new Map() };
  const launches = findLaunches(checked, issues);
  for (const [group, { actions, executor }] of checked.entries()) {
    if (executor !== undefined && executor !== 'karpenter')
      report(issues, `groups[${group}].executor`, `is ${JSON.stringify(executor)}; it is "karpenter" or absent.`);
    if (actions.length === 0) report(issues, `groups[${group}].actions`, 'is empty; leave the group out.');
    for (const [at, draft] of actions.entries()) {
      checkNames(draft, `groups[${group}].actions[${at}]`, { index, launches, policy, issues });
    }
  }
  return { groups: checked, launches };
}

function readDraft(draft: unknown, path: string, issues: Issue[]): Draft[] {
  const plain = plainJson(draft, path);
  for (const { path: at, message } of plain.issues) report(issues, at, message);
  if (plain.issues.length > 0) return [];
  const parsed = draftSchema().safeParse(plain.value);
  if (parsed.success) return [parsed.data];
  for (const issue of issuesOf(parsed.error, path, plain.value)) report(issues, issue.path, issue.message);
  return [];
}

function findLaunches(groups: readonly CheckedGroup[], issues: Issue[]): Launches {
  const launches = new Map<string, { group: number; index: number; draft: Launch }>();
  for (const [group, { actions }] of groups.entries()) {
    for (const [index, draft] of actions.entries()) {
      if (draft.kind !== 'launch-node') continue;
      if (launches.has(draft.key)) {
        const message = `is the key of an earlier launch (${JSON.stringify(draft.key)}); give each launch its own.`;
        report(issues, `groups[${group}].actions[${index}].key`, message);
      } else launches.set(draft.key, { group, index, draft });
    }
  }
  return launches;
}

interface Names {
  readonly index: StateIndex | undefined;
  readonly launches: Launches;
  readonly policy: Policy;
  readonly issues: Issue[];
}

function checkNames(draft: Draft, path: string, { index, launches, policy, issues }: Names): void {
  for (const { path: at, node } of nodeRefsOf(draft)) {
    if ('launch' in node) {
      if (!launches.has(node.launch)) {
        report(
          issues,
          `${path}.${at}.launch`,
          `no launch-node of this plan has the key ${JSON.stringify(node.launch)}.`,
        );
      }
    } else if (index !== undefined && index.node(node.uid) === undefined) {
      report(
        issues,
        `${path}.${at}.uid`,
        `the cluster has no node with uid ${JSON.stringify(node.uid)}; use Node.uid, not its name.`,
      );
    }
  }
  const workload = workloadOf(draft);
  if (index !== undefined && workload !== undefined && index.workload(workload) === undefined) {
    report(
      issues,
      `${path}.workload`,
      `the cluster has no workload ${workloadKey(workload)}; reject the candidate instead.`,
    );
  }
  const templates = index?.state.podTemplates.length ?? Number.POSITIVE_INFINITY;
  for (const { path: at, template } of templatesOf(draft)) {
    if (template >= templates)
      report(issues, `${path}.${at}`, `${template} is beyond the ${templates} templates of the state.`);
  }
  if (draft.kind === 'extension' && !policy.extensions.includes(draft.name)) {
    const message = `${JSON.stringify(draft.name)} is not allowed; the user has to add it to policy.extensions.`;
    report(issues, `${path}.name`, message);
  }
  if (draft.kind === 'drain-node') checkDrain(draft, path, issues);
  if (unchanging(draft)) report(issues, path, `${draft.kind} changes nothing; leave it out.`);
}

function checkDrain(draft: Extract<Draft, { kind: 'drain-node' }>, path: string, issues: Issue[]): void {
  const seen = new Set<number>();
  for (const [at, { template, count, expected }] of draft.pods.entries()) {
    if (seen.has(template))
      report(issues, `${path}.pods[${at}].template`, `${template} is listed twice; add up its counts.`);
    seen.add(template);
    const placed = expected.reduce((sum, { count: there }) => sum + there, 0);
    if (placed !== count) {
      report(
        issues,
        `${path}.pods[${at}].expected`,
        `places ${placed} pods and count is ${count}; they must be equal.`,
      );
    }
  }
}

/** Kinds that say from what to what. */
const fromTo: ReadonlySet<IntentKind> = new Set(['scale-workload', 'surge-workload', 'set-node-group-size']);

function unchanging(draft: Draft): boolean {
  return fromTo.has(draft.kind) && 'from' in draft && draft.from === draft.to;
}

function report(issues: Issue[], path: string, message: string): void {
  if (issues.length < issueLimit) issues.push({ path, message });
}
