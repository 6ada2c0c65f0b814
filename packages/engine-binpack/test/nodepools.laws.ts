import { type Action, type ClusterState, createContext, type Node, type Plan } from '@cloudoptim/core';
import { arbitraryDecisionCase, checkEngineConformance, formatFailure, formatReport } from '@cloudoptim/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { BinpackEngine } from '../src/index.js';

const options = { emit: 'nodepools' };
type NodePoolChange = Extract<Action, { kind: 'configure-nodepool' }>;

describe('plans of binpack that Karpenter carries out', () => {
  it('keep every law of the contract', async () => {
    const { numRuns, seed } = lawParameters(100);
    const runs = Math.ceil(numRuns / 2);
    const report = await checkEngineConformance(new BinpackEngine(), { runs, seed, options, fixtures: false });
    console.log(formatReport(report));
    expect(report.failures.map((failure) => formatFailure(failure, 'new BinpackEngine()'))).toEqual([]);
  });

  it('let no node drift that stays, leave nodes to Karpenter alone, and put each pool back', async () => {
    const engine = new BinpackEngine();
    let narrowed = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryDecisionCase(), async ({ cluster, market, policy, now, seed }) => {
        const { plan } = await engine.analyze({ cluster, market, policy, options }, createContext({ now, seed }));
        const changes = changesOf(plan);
        narrowed += changes.length > 0 ? 1 : 0;
        for (const change of changes) {
          for (const node of staying(cluster, plan, change.nodePool)) expect(isAllowed(node, change)).toBe(true);
        }
        for (const { actions, executor } of plan.groups) {
          const onNodes = actions.some(({ kind }) => !kind.startsWith('configure-'));
          expect(executor).toBe(onNodes ? 'karpenter' : undefined);
        }
        for (const pool of new Set(changes.map(({ nodePool }) => nodePool))) {
          const own = changes.filter(({ nodePool }) => nodePool === pool);
          expect(own.at(-1)?.patch).toEqual(own[0]?.prior);
        }
      }),
      lawParameters(100),
    );
    expect(narrowed).toBeGreaterThan(0);
  });
});

function changesOf({ groups }: Plan): NodePoolChange[] {
  return groups.flatMap(({ actions }) => actions.filter((action) => action.kind === 'configure-nodepool'));
}

function staying({ nodes }: ClusterState, { groups }: Plan, pool: string): Node[] {
  const going = new Set(
    groups.flatMap(({ actions }) =>
      actions.flatMap((action) => ('node' in action && 'uid' in action.node ? [action.node.uid] : [])),
    ),
  );
  return nodes.filter(({ uid, owner }) => owner.kind === 'karpenter' && owner.name === pool && !going.has(uid));
}

/** Whether the narrowed requirements take the node; a pool that is put back may say what it did before. */
function isAllowed({ instanceType, capacityType }: Node, { patch, reasons }: NodePoolChange): boolean {
  if (reasons[0].code !== 'nodepool-narrowed') return true;
  const { requirements } = (
    patch as { spec: { template: { spec: { requirements: readonly { key: string; values?: readonly string[] }[] } } } }
  ).spec.template.spec;
  const takes = (key: string, value: string | undefined) =>
    requirements.filter((one) => one.key === key).every(({ values }) => value !== undefined && values?.includes(value));
  return takes('node.kubernetes.io/instance-type', instanceType) && takes('karpenter.sh/capacity-type', capacityType);
}
