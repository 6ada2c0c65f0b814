import type { Action, Plan } from '@cloudoptim/core';
import { launchedUid } from '@cloudoptim/scheduling';
import { expect, it } from 'vitest';
import { asOneWith, isOnOneOf, launchesOf } from '../../src/laws/one-plan-of-two.js';

const groupsOf = (...actions: readonly object[]) => [{ actions }] as unknown as Plan['groups'];
const launch = (key: string) => ({ kind: 'launch-node', key, assumedAllocatable: {} });
const first = { id: 'a'.repeat(64), groups: groupsOf(launch('one')) } as Plan;
const uid = launchedUid(first.id, 'one');
const drain = (expected: object) => ({ kind: 'drain-node', node: { uid: 'n1' }, pods: [{ expected: [expected] }] });

// In 9,500 clusters there was one whose second plan took away a node that the first had filled, and put pods on one that the
// first had launched. The uid of the latter is in no state, so the two could not be sealed as one plan, and the law took them
// for one that would have been accepted; stated with the launch, it is refused.
it('a node that the first plan launches is named by its launch where pods are expected there', () => {
  const restated = asOneWith(launchesOf(first), groupsOf(launch('one'), drain({ node: { uid }, count: 1 })));
  expect(restated).toEqual(groupsOf(launch('one-more'), drain({ node: { launch: 'one' }, count: 1 })));
  expect(asOneWith(launchesOf(first), groupsOf(drain({ node: { launch: 'one' } })))).toEqual(
    groupsOf(drain({ node: { launch: 'one-more' } })),
  );
});

it('an action on such a node is told from one on any other', () => {
  const on = (node: object) => isOnOneOf({ kind: 'cordon-node', node } as Action, launchesOf(first));
  expect([on({ uid }), on({ uid: 'n1' }), on({ launch: 'one' })]).toEqual([true, false, false]);
});
