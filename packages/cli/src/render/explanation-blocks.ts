import type { Action, ActionGroup, Rejection, Subject, WorkloadRef } from '@cloudoptim/core';
import type { AnalysisDocument } from '../document/analysis-document.js';
import { rejectionText } from './analysis-blocks.js';
import { type Block, type Text, toned } from './block.js';
import { describeAction, type Names, namesOf, workloadName } from './describe-action.js';
import { describeFact } from './describe-fact.js';
import { expectedText, movedBy } from './expected-placements.js';
import { count, counted, perHour } from './money.js';
import { someNames } from './subjects.js';

/** Why a plan does something to one node, or leaves it alone. */
export function explainNode(document: AnalysisDocument, name: string): Block[] | undefined {
  const node = document.legend.nodes.find((one) => one.name === name || one.uid === name);
  if (node === undefined) return undefined;
  const names = namesOf(document.legend);
  const isAbout = (subject: Subject) => subject.kind === 'node' && subject.uid === node.uid;
  const touches = (action: Action) => 'node' in action && 'uid' in action.node && action.node.uid === node.uid;
  const acting = document.plan.groups.filter(({ actions }) => actions.some(touches));
  const receiving = document.plan.groups.filter((group) => !acting.includes(group) && receives(group, node.uid));
  return [
    { kind: 'heading', text: `Node ${node.name}` },
    {
      kind: 'facts',
      rows: [
        [
          'Type',
          [
            node.instanceType ?? 'unknown',
            node.capacityType ?? 'capacity type unknown',
            node.zone ?? 'zone unknown',
          ].join(', '),
        ],
        ['Owner', node.owner ?? 'unknown'],
        ['Price', node.usdPerHour === null ? 'unknown; in neither total' : perHour(node.usdPerHour)],
        ['Pods', `${count(node.pods)} without those of DaemonSets`],
      ],
    },
    ...whyNot(
      document.plan.rejections,
      isAbout,
      acting.length > 0,
      'The plan leaves it alone, and no reason was recorded.',
    ),
    ...acting.flatMap((group) => groupBlocks(group, names, touches)),
    ...(receiving.length === 0
      ? []
      : [
          {
            kind: 'paragraph',
            text: `It is expected to receive pods of ${receiving.map(({ id }) => id).join(', ')}.`,
          } as const,
        ]),
  ];
}

/** Why a plan moves pods of one workload, or leaves it alone. */
export function explainWorkload(document: AnalysisDocument, namespace: string, name: string): Block[] {
  const names = namesOf(document.legend);
  const isIt = (workload: WorkloadRef | undefined) => workload?.namespace === namespace && workload.name === name;
  const isAbout = (subject: Subject) =>
    ((subject.kind === 'workload' || subject.kind === 'container') && isIt(subject.workload)) ||
    (subject.kind === 'pod' && subject.namespace === namespace && isPodOf(subject.name, name));
  const touches = (action: Action) =>
    ('workload' in action && isIt(action.workload)) ||
    (action.kind === 'evict-pod' && isIt(names.workloadOf(action.template))) ||
    (action.kind === 'drain-node' && action.pods.some(({ template }) => isIt(names.workloadOf(template))));
  const acting = document.plan.groups.filter(({ actions }) => actions.some(touches));
  return [
    { kind: 'heading', text: `Workload ${workloadName({ kind: '', namespace, name })}` },
    ...whyNot(
      document.plan.rejections,
      isAbout,
      acting.length > 0,
      'The plan moves none of its pods. Why a node of theirs stays is told by --node NAME.',
    ),
    ...acting.flatMap((group) => groupBlocks(group, names, touches)),
  ];
}

/** Why a plan is as it is: every group with its steps and reasons. */
export function explainPlan(document: AnalysisDocument): Block[] {
  const names = namesOf(document.legend);
  const blocks = document.plan.groups.flatMap((group) => groupBlocks(group, names));
  const left = document.plan.rejections;
  if (blocks.length === 0) blocks.push({ kind: 'paragraph', text: 'The plan does nothing.' });
  if (left.length === 0) return blocks;
  return [...blocks, { kind: 'heading', text: 'Left alone' }, { kind: 'list', items: left.map(rejectionText) }];
}

/** Actions shown of a group of which only some are asked about: a group may launch and evict for a whole cluster. */
const mostActions = 12;

function groupBlocks(group: ActionGroup, names: Names, isAsked: (action: Action) => boolean = () => true): Block[] {
  const { actions: all } = group;
  const actions = all.length > mostActions ? withTheirLaunches(all, isAsked) : all;
  const others = all.length - actions.length;
  const reasons = new Map(actions.flatMap((action) => action.reasons.map((reason) => [reason.message, reason])));
  const by = group.executor === undefined ? '' : `, left to Karpenter`;
  const after = group.dependsOn.length === 0 ? '' : `, after ${group.dependsOn.join(', ')}`;
  return [
    { kind: 'heading', text: `Group ${group.id}: saves ${perHour(group.savingsUsdPerHour.point)}${after}${by}` },
    {
      kind: 'list',
      items: [
        ...actions.flatMap((action) => actionItems(action, names)),
        ...(others > 0 ? [`and ${counted(others, 'more action')} for other nodes and pods`] : []),
      ],
    },
    { kind: 'paragraph', text: 'Because' },
    {
      kind: 'list',
      items: [...reasons.values()].map(({ code, message }) => [{ text: code, tone: 'strong' }, `: ${message}`]),
    },
  ];
}

/** The actions asked about, and those that launch where their pods are expected to go. */
function withTheirLaunches(actions: readonly Action[], isAsked: (action: Action) => boolean): Action[] {
  const targets = actions
    .filter(isAsked)
    .flatMap((action) => movedBy(action).flatMap(({ expected }) => expected.map(({ node }) => node)));
  const launched = new Set(targets.flatMap((node) => ('launch' in node ? [node.launch] : [])));
  return actions.filter((action) => isAsked(action) || (action.kind === 'launch-node' && launched.has(action.key)));
}

/** What an action does, where its pods are expected to go, and what is checked before it: what the one before must have led to. */
function actionItems(action: Action, names: Names): Text[] {
  const items: Text[] = [`${action.id}: ${describeAction(action, names)}`];
  const expected = expectedText(movedBy(action), names);
  if (expected !== '') items.push(toned('dim', `${action.id} expects: ${expected}`));
  const facts = action.expect.map((fact) => describeFact(fact, names));
  if (facts.length > 0) items.push(toned('dim', `${action.id} is checked first: ${someNames(facts, mostFacts)}`));
  return items;
}

/** A launch has a price for each of its offerings. */
const mostFacts = 6;

function whyNot(
  rejections: readonly Rejection[],
  isAbout: (subject: Subject) => boolean,
  acted: boolean,
  otherwise: string,
): Block[] {
  const own = rejections.filter(({ subjects }) => subjects.some(isAbout));
  if (own.length === 0 && acted) return [];
  if (own.length === 0) return [{ kind: 'paragraph', text: otherwise }];
  return [
    { kind: 'paragraph', text: `Left alone, for ${counted(own.length, 'reason')}:` },
    { kind: 'list', items: own.map(({ reason }) => [{ text: reason.code, tone: 'strong' }, `: ${reason.message}`]) },
  ];
}

function receives(group: ActionGroup, uid: string): boolean {
  return group.actions.some((action) =>
    movedBy(action).some(({ expected }) => expected.some(({ node }) => 'uid' in node && node.uid === uid)),
  );
}

/** Names of pods: `<statefulset>-<n>`, `<job>-<5>`, `<deployment>-<hash>-<5>`. */
function isPodOf(pod: string, workload: string): boolean {
  return (
    pod.startsWith(`${workload}-`) &&
    /^(\d+|[a-z0-9]{5}|[a-z0-9]{1,10}-[a-z0-9]{5})$/.test(pod.slice(workload.length + 1))
  );
}
