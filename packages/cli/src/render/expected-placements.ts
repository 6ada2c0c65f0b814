import type { Action, ActionGroup, DrainedPods } from '@cloudoptim/core';
import type { Legend } from '../document/analysis-document.js';
import type { Block } from './block.js';
import { type Names, namesOf } from './describe-action.js';
import { count, counted } from './money.js';
import { someNames } from './subjects.js';

const mostWorkloads = 12;
const mostNodes = 4;

/** Where the pods of a plan are expected to go, by workload: the scheduler decides, and this is what its scoring would choose. */
export function placementBlocks(groups: readonly ActionGroup[], legend: Legend): Block[] {
  const names = namesOf(legend);
  const launched = launchedTypes(groups);
  const byWorkload = new Map<string, Map<string, number>>();
  for (const { template, expected } of groups.flatMap(({ actions }) => actions.flatMap(movedBy))) {
    const workload = names.workload(template);
    const places = byWorkload.get(workload) ?? new Map<string, number>();
    byWorkload.set(workload, places);
    for (const { node, count: pods } of expected) {
      const place = 'launch' in node ? (launched.get(node.launch) ?? names.node(node)) : names.node(node);
      places.set(place, (places.get(place) ?? 0) + pods);
    }
  }
  if (byWorkload.size === 0) return [];
  const rows = [...byWorkload].map(([workload, places]) => ({ workload, places, pods: sum([...places.values()]) }));
  rows.sort((a, b) => b.pods - a.pods || (a.workload < b.workload ? -1 : 1));
  return [
    { kind: 'heading', text: 'Where pods are expected to go' },
    {
      kind: 'table',
      columns: [{ title: 'workload' }, { title: 'pods', align: 'right' }, { title: 'to' }],
      rows: rows
        .slice(0, mostWorkloads)
        .map(({ workload, places, pods }) => [workload, count(pods), someNames(placesText(places), mostNodes)]),
      ...(rows.length > mostWorkloads
        ? { more: `and ${counted(rows.length - mostWorkloads, 'more workload')}; \`cloudoptim explain\` has all` }
        : {}),
    },
  ];
}

/** The same of one action, to end a sentence; empty where it moves nothing. */
export function expectedText(pods: readonly DrainedPods[], names: Names): string {
  const moves = pods.map(({ template, expected }) => {
    const places = new Map<string, number>();
    for (const { node, count: there } of expected)
      places.set(names.node(node), (places.get(names.node(node)) ?? 0) + there);
    return `${names.workload(template)} to ${placesText(places).join(', ')}`;
  });
  return moves.join('; ');
}

function placesText(places: ReadonlyMap<string, number>): string[] {
  return [...places].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([place, pods]) => `${pods} × ${place}`);
}

/** Pods that an action evicts, as a drain lists them. */
export function movedBy(action: Action): readonly DrainedPods[] {
  if (action.kind === 'drain-node') return action.pods;
  if (action.kind !== 'evict-pod' || action.expected === undefined) return [];
  return [{ template: action.template, count: 1, expected: [{ node: action.expected, count: 1 }] }];
}

/** By key of a launch: new nodes of one type are told apart by nobody. */
function launchedTypes(groups: readonly ActionGroup[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const { actions } of groups)
    for (const action of actions)
      if (action.kind === 'launch-node') types.set(action.key, `new ${action.offerings[0].instanceType}`);
  return types;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
