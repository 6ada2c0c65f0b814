import { digestOf } from '../digest.js';
import { InvalidPlan } from '../errors/invalid-plan.js';
import type { Issue } from '../errors/issue.js';
import type { IntentKind } from '../intent.js';
import { plainJson } from '../plain-json.js';
import type { Action, ActionGroup, LowerBoundCertificate, Plan } from '../plan.js';
import { createPriceBook } from '../price-book.js';
import { issuesOf } from '../schemas/issues-of.js';
import { lowerBoundCertificateSchema } from '../schemas/plan.js';
import { type CheckedGroup, checkDrafts, type Launches } from './check-drafts.js';
import { checkRejections } from './check-rejections.js';
import { deadlineSeconds } from './deadlines.js';
import { drainDeadlineSeconds } from './drain-deadline.js';
import { expectedFacts } from './expected-facts.js';
import { type GroupOrder, orderGroups } from './order-groups.js';
import { planId } from './plan-id.js';
import { type Bill, planSavings } from './plan-savings.js';
import type { SealRequest } from './seal-request.js';
import { indexState, type StateIndex } from './state-index.js';
import { nodeRefsOf } from './touched-objects.js';
import { undoOf } from './undo.js';
import { WorkloadHistory } from './workload-history.js';

/**
 * Turns what an author decided into a plan: ids, order, the facts each action expects, deadlines, what takes it back, and the
 * money. Throws InvalidPlan when the decision contradicts itself or the state: a bug of the engine.
 */
export async function sealPlan(sealing: SealRequest): Promise<Plan> {
  const { engine, request, decision, context } = sealing;
  const { cluster, market, policy } = request;
  const issues: Issue[] = [];
  const pause = async () => context.spend?.(0);
  const index = cluster && indexState(cluster);
  const { groups, launches } = await checkDrafts(decision.groups, { index, policy, issues, pause });
  await pause();
  const rejections = checkRejections(decision.rejections, issues);
  await pause();
  const lowerBound = checkLowerBound(decision.lowerBound, issues);
  const validForMs = checkValidity(decision.validForMs ?? policy.planValidSeconds * 1000, issues);
  // What follows reads the drafts by position, and those with issues are not among them.
  if (issues.length > 0) throw new InvalidPlan(`Plan of engine ${engine.id}`, issues);

  await pause();
  const order = orderGroups(groups, launches, issues);
  await pause();
  const bill = planSavings(groups, cluster?.nodes ?? [], createPriceBook(market), issues);
  const sealed = await sealGroups(groups, { index, launches, order, bill, sealing, issues, pause });
  if (issues.length > 0) throw new InvalidPlan(`Plan of engine ${engine.id}`, issues);

  return {
    schema: 'plan/v1',
    contractVersion: 'v1',
    id: await planId(sealing),
    engine: { id: engine.id, version: engine.version },
    considers: [...engine.considers],
    createdAtMs: context.now,
    validUntilMs: context.now + validForMs,
    seed: context.seed,
    ...(cluster === undefined ? {} : { stateDigest: await digestOf(cluster) }),
    ...(cluster?.clusterId === undefined ? {} : { clusterId: cluster.clusterId }),
    ...(market === undefined ? {} : { pricesAsOfMs: market.asOfMs }),
    groups: sealed,
    maxGroupsInFlight: policy.maxGroupsInFlight,
    rejections,
    currentUsdPerHour: bill.currentUsdPerHour,
    projectedUsdPerHour: bill.projectedUsdPerHour,
    savingsUsdPerHour: bill.savingsUsdPerHour,
    unpriced: bill.unpriced,
    ...(lowerBound === undefined ? {} : { lowerBound }),
    truncated: decision.truncated === true,
  };
}

interface Seals {
  readonly index: StateIndex | undefined;
  readonly launches: Launches;
  readonly order: GroupOrder;
  readonly bill: Bill;
  readonly sealing: SealRequest;
  readonly issues: Issue[];
  readonly pause: () => Promise<void>;
}

/** Removing a node cannot be taken back, so when it goes wrong nothing else starts. */
const stopsPlan: ReadonlySet<IntentKind> = new Set(['terminate-node', 'delete-nodeclaim']);

async function sealGroups(groups: readonly CheckedGroup[], seals: Seals): Promise<ActionGroup[]> {
  const { index, launches, order, bill, sealing, issues, pause } = seals;
  const history = new WorkloadHistory(index);
  const sealed = new Map<number, ActionGroup>();
  // In the order of execution, since what an action expects depends on the actions before it.
  for (const group of order.sequence) {
    await pause();
    const actions = (groups[group]?.actions ?? []).map((draft, at): Action => {
      history.check(draft, `groups[${group}].actions[${at}]`, issues);
      const undo = undoOf(draft, index, launches);
      const action: Action = {
        ...draft,
        id: actionId(group, at),
        dependsOn: dependenciesOf(draft, group, at, launches, issues),
        expect: expectedFacts(draft, { index, launches, history }),
        deadlineSeconds:
          draft.kind === 'drain-node' || draft.kind === 'evict-pod'
            ? drainDeadlineSeconds(draft, index, sealing.request.policy)
            : deadlineSeconds[draft.kind],
        onFailure: stopsPlan.has(draft.kind) ? 'stop-plan' : 'stop-group',
        ...(undo === undefined ? {} : { undo }),
      };
      history.record(draft);
      return action;
    });
    sealed.set(group, {
      id: groupId(group),
      dependsOn: (order.dependsOn[group] ?? []).map(groupId),
      actions,
      ...(groups[group]?.executor === undefined ? {} : { executor: groups[group].executor }),
      savingsUsdPerHour: bill.groups[group] as ActionGroup['savingsUsdPerHour'],
    });
  }
  return groups.flatMap((_, group) => sealed.get(group) ?? []);
}

/** The action before it in its group, and the launches of nodes that it names, wherever those are. */
function dependenciesOf(
  draft: CheckedGroup['actions'][number],
  group: number,
  at: number,
  launches: Launches,
  issues: Issue[],
): string[] {
  const before = new Set<string>(at === 0 ? [] : [actionId(group, at - 1)]);
  for (const { path, node } of nodeRefsOf(draft)) {
    const launch = 'launch' in node ? launches.get(node.launch) : undefined;
    if (launch === undefined) continue;
    if (launch.group === group && launch.index >= at) {
      const message = `names a node that actions[${launch.index}] of its own group launches later; put the launch first.`;
      issues.push({ path: `groups[${group}].actions[${at}].${path}`, message });
    }
    before.add(actionId(launch.group, launch.index));
  }
  return [...before];
}

function groupId(group: number): string {
  return `g${group + 1}`;
}

function actionId(group: number, at: number): string {
  return `${groupId(group)}.a${at + 1}`;
}

function checkLowerBound(
  lowerBound: LowerBoundCertificate | undefined,
  issues: Issue[],
): LowerBoundCertificate | undefined {
  if (lowerBound === undefined) return undefined;
  const plain = plainJson(lowerBound, 'lowerBound');
  const parsed = lowerBoundCertificateSchema().safeParse(plain.value);
  issues.push(...plain.issues, ...(parsed.success ? [] : issuesOf(parsed.error, 'lowerBound', plain.value)));
  return parsed.data;
}

function checkValidity(validForMs: number, issues: Issue[]): number {
  if (!(Number.isFinite(validForMs) && validForMs >= 0)) {
    issues.push({
      path: 'validForMs',
      message: `must be a finite number of milliseconds of at least 0; found ${validForMs}.`,
    });
  }
  return validForMs;
}
