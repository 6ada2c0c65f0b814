import {
  Aborted,
  type Decision,
  type DecisionContext,
  type Reason,
  type Rejection,
  WorkLimitReached,
} from '@cloudoptim/core';
import type { Mutant } from './mutant.js';
import { createReferenceEngine, type Variation, type World } from './reference-engine.js';

let calls = 0;

/** Engines whose author wrote one thing wrong: what they return, what they remember, or how they use the context. */
export const authorMutants: readonly Mutant[] = [
  mutant('does-nothing', ['known-savings'], { decides: (_, world) => nothing(world, 'all-is-well') }),
  mutant('removes-only-empty-nodes', ['known-savings'], {
    decides: (decision, world) => keepGroups(decision, world, (kinds) => !kinds.includes('drain-node')),
  }),
  mutant('loses-a-candidate', ['candidates-judged'], {
    decides: (decision) => ({ ...decision, rejections: decision.rejections.slice(1) }),
  }),
  mutant('rejects-what-it-removes', ['candidates-judged'], {
    decides: (decision, { cluster }) => ({
      ...decision,
      rejections: [{ reason: because('never'), subjects: cluster.nodes.map(subjectOf) }],
    }),
  }),
  // Core does not seal an action without a reason: the author hears it from analyze.
  mutant('gives-no-reason', ['answers'], {
    decides: (decision) => ({
      ...decision,
      groups: decision.groups.map((group) => ({
        ...group,
        actions: group.actions.map((action) => ({ ...action, reasons: [] as unknown as readonly [Reason] })),
      })),
    }),
  }),
  mutant('reads-the-clock', ['same-answer'], {
    decides: (decision) => withNumber(decision, Date.now()),
  }),
  mutant('draws-at-random', ['same-answer'], {
    decides: (decision) => withNumber(decision, Math.random()),
  }),
  mutant('counts-its-calls', ['same-answer'], {
    decides: (decision) => {
      calls++;
      return withNumber(decision, calls);
    },
  }),
  mutant('sorts-its-input', ['input-untouched'], {
    sees: (world) => {
      (world.cluster.nodes as unknown as { name: string }[]).sort((a, b) => (a.name < b.name ? 1 : -1));
      return world;
    },
  }),
  mutant('remembers-a-date', ['answers'], {
    decides: (decision) => ({ ...decision, memory: { since: new Date(0) } as unknown as string }),
  }),
  mutant('never-gets-done', ['reaches-fixed-point'], {
    // One node at a time although nothing limits it: the next analysis finds the next.
    decides: (decision, world) =>
      decision.groups.length < 2
        ? decision
        : {
            ...decision,
            groups: decision.groups.slice(0, 1),
            rejections: [...decision.rejections, ...removedBy(decision.groups.slice(1), world)],
          },
  }),
  mutant('annotates-for-ever', ['reaches-fixed-point'], {
    decides: (decision, { cluster }) => ({
      ...decision,
      groups: [
        ...decision.groups,
        ...cluster.nodes
          .filter((node) => isRejected(decision, node.uid))
          .slice(0, 1)
          .map(({ uid }) => ({
            actions: [
              {
                kind: 'annotate-node' as const,
                node: { uid },
                annotations: { 'example.com/seen': 'true' },
                reasons: [because('seen')] as const,
              },
            ],
          })),
      ],
    }),
  }),
  mutant('swallows-the-abort', ['stops-on-abort'], {
    uses: (context) => ({
      ...context,
      spend: (units) =>
        context.spend(units).catch((error) => {
          if (!Aborted.isInstance(error)) throw error;
        }),
    }),
  }),
  mutant('swallows-the-work-limit', ['keeps-work-limit'], {
    uses: (context) => ({
      ...context,
      spend: (units) =>
        context.spend(units).catch((error) => {
          if (!WorkLimitReached.isInstance(error)) throw error;
        }),
    }),
  }),
  // What was found for one question is remembered for the next: it asks for less work, and a limit would be met elsewhere.
  mutant('keeps-what-it-found', ['stops-on-abort'], {
    uses: (context) => {
      calls++;
      return calls % 8 === 0 ? { ...context, spend: (units) => spendInParts(context, units) } : context;
    },
  }),
  mutant('never-spends', ['keeps-work-limit'], { uses: (context) => ({ ...context, spend: async () => {} }) }),
];

function mutant(id: string, caughtBy: Mutant['caughtBy'], variation: Variation): Mutant {
  return { engine: createReferenceEngine(id, variation), caughtBy };
}

async function spendInParts(context: DecisionContext, units: number): Promise<void> {
  for (let part = 0; part < 8; part++) await context.spend(units / 8);
}

function isRejected({ rejections }: Decision, uid: string): boolean {
  return rejections.some(({ subjects }) => subjects.some((subject) => subject.kind === 'node' && subject.uid === uid));
}

function because(code: string): Reason {
  return { code, message: 'So it was decided.' };
}

function subjectOf({ uid, name }: World['cluster']['nodes'][number]) {
  return { kind: 'node' as const, uid, name };
}

function nothing({ cluster }: World, code: string): Decision {
  return {
    groups: [],
    rejections: cluster.nodes.length === 0 ? [] : [{ reason: because(code), subjects: cluster.nodes.map(subjectOf) }],
  };
}

function keepGroups(decision: Decision, world: World, keep: (kinds: readonly string[]) => boolean): Decision {
  const isKept = (group: Decision['groups'][number]) => keep(group.actions.map((action) => action.kind));
  return {
    ...decision,
    groups: decision.groups.filter(isKept),
    rejections: [
      ...decision.rejections,
      ...removedBy(
        decision.groups.filter((group) => !isKept(group)),
        world,
      ),
    ],
  };
}

function removedBy(groups: Decision['groups'], { cluster }: World): Rejection[] {
  const uids = new Set(
    groups.flatMap((group) =>
      group.actions.flatMap((action) => ('node' in action && 'uid' in action.node ? [action.node.uid] : [])),
    ),
  );
  const subjects = cluster.nodes.filter((node) => uids.has(node.uid)).map(subjectOf);
  return subjects.length === 0 ? [] : [{ reason: because('another-time'), subjects }];
}

function withNumber(decision: Decision, value: number): Decision {
  return {
    ...decision,
    rejections: decision.rejections.map((rejection) => ({
      ...rejection,
      reason: { ...rejection.reason, numbers: { value } },
    })),
  };
}
