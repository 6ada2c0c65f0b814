import { createContext, defaultPolicy, type PodTemplate } from '@cloudoptim/core';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { readMemory } from '../src/engine-memory.js';
import { tryExchange } from '../src/exchange-nodes.js';
import { exchangeRules } from '../src/exchange-rules.js';
import { launchKindOf } from '../src/launch-kind.js';
import { createModel } from '../src/model.js';
import { binpackOptions } from '../src/options.js';

const gib = 2 ** 30;
const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const web = { matchLabels: { app: 'web' } };

const spreadOver = (topologyKey: string): Partial<PodTemplate> => ({
  topologySpread: [{ maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: web }],
});

function builderWith(template: Partial<PodTemplate>, replicas = 3) {
  const builder = buildCluster();
  for (const [index, own] of [...zones, ...zones].entries())
    builder.addNode({ name: `node-${index}`, instanceType: 'm5.4xlarge', zone: own });
  return builder.addWorkload({
    name: 'web',
    replicas,
    cpuMillicores: 1000,
    memoryBytes: gib,
    template,
    on: Array.from({ length: replicas }, (_, pod) => `node-${pod % 6}`),
  });
}

const ruleOf = (template: Partial<PodTemplate>, replicas?: number) =>
  exchangeRules(builderWith(template, replicas).build())[0];

describe('what rules between pods ask of an exchange', () => {
  test('pods that spread over zones, gather in one or avoid each other there keep theirs', () => {
    const term = { topologyKey: zone, labelSelector: web };
    expect(ruleOf(spreadOver(zone))?.keepsZone).toBe(true);
    expect(ruleOf({ podAffinity: { required: [term] } })?.keepsZone).toBe(true);
    expect(ruleOf({ podAntiAffinity: { required: [term] } })?.keepsZone).toBe(true);
  });

  test('soft rules and rules by node leave the zone open', () => {
    const [constraint] = spreadOver(zone).topologySpread ?? [];
    const soft = {
      topologySpread: constraint ? [{ ...constraint, whenUnsatisfiable: 'ScheduleAnyway' as const }] : [],
    };
    expect(ruleOf(soft)?.keepsZone).toBe(false);
    expect(ruleOf(spreadOver(hostname))?.keepsZone).toBe(false);
  });

  test('few pods that spread over nodes get one each; many share', () => {
    expect(ruleOf(spreadOver(hostname), 3)?.apart).toBe(0);
    expect(ruleOf(spreadOver(hostname), 4)?.apart).toBe(-1);
  });
});

describe('an exchange across zones', () => {
  const exchanged = async (template: Partial<PodTemplate>, replicas: number, types: readonly string[]) => {
    const state = builderWith(template, replicas).build();
    const model = createModel({
      state,
      market: createMarket(state, { instanceTypes: types }),
      policy: defaultPolicy,
      options: binpackOptions.parse({}),
      memory: readMemory(undefined),
      context: createContext({ now: state.takenAtMs }),
    });
    const [first] = state.nodes;
    const kind = first && launchKindOf(model, first);
    const problems = model.exchanges();
    if (kind === undefined || problems === undefined) throw new Error('The pool of these nodes may launch.');
    const launched = await tryExchange(model, problems, { nodes: [...state.nodes.keys()], kind });
    return 'length' in launched ? launched.map((node) => model.cluster.placement.node(node)) : launched;
  };

  // It used to pack all three on one large node of one zone, find that two of them may not go there, and give up.
  test('buys a node in each zone that spread pods are in', async () => {
    const launched = await exchanged(spreadOver(zone), 3, ['m5.large', 'm5.xlarge', 'm5.2xlarge']);
    expect(launched).toHaveLength(3);
    expect(new Set((launched as readonly { zone: string }[]).map((node) => node.zone))).toEqual(new Set(zones));
  });

  test('buys one large node where zones are no matter', async () => {
    expect(await exchanged({}, 3, ['m5.xlarge', 'm5.2xlarge'])).toHaveLength(1);
  });

  test('buys a node for each pod that spreads over nodes', async () => {
    expect(await exchanged(spreadOver(hostname), 3, ['m5.2xlarge'])).toHaveLength(3);
  });

  // Five pods are too many to be kept apart, and the packing would have them on one node, where only the first may go.
  test('buys one more for each pod that finds no room', async () => {
    const launched = await exchanged(spreadOver(hostname), 5, ['m5.2xlarge']);
    expect((launched as readonly unknown[]).length).toBeGreaterThan(1);
  });
});
