import { createPriceBook, type Node } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { marketFromCatalog, marketRequest } from '../../src/market/market-from-catalog.js';
import { unpricedNodes } from '../../src/market/unpriced-nodes.js';

function node(name: string, rest: Partial<Node> = {}): Node {
  return {
    uid: name,
    name,
    createdAtMs: 0,
    labels: {},
    ready: true,
    allocatable: { cpuMillicores: 1930, memoryBytes: 7e9, pods: 29 },
    instanceType: 'm6i.large',
    region: 'us-east-1',
    zone: 'us-east-1a',
    capacityType: 'on-demand',
    owner: { kind: 'karpenter', name: 'general' },
    autoscaler: 'karpenter',
    ...rest,
  };
}

const priceOf = (nodes: Node[], prices: Parameters<typeof marketRequest>[1] = {}) => {
  const book = createPriceBook(marketFromCatalog(marketRequest({ nodes }, prices)));
  return nodes.map((one) => book.nodeUsdPerHour(one));
};

describe('marketFromCatalog', () => {
  it('offers every priced type on demand in the zones of the cluster', () => {
    const market = marketFromCatalog(marketRequest({ nodes: [node('a'), node('b', { zone: 'us-east-1c' })] }));
    const offered = market.offerings.filter(({ instanceType }) => instanceType === 'm7g.xlarge');
    expect(offered.map(({ zone, capacityType, priceUsdPerHour }) => [zone, capacityType, priceUsdPerHour])).toEqual([
      ['us-east-1a', 'on-demand', 0.1632],
      ['us-east-1c', 'on-demand', 0.1632],
    ]);
    expect(market.region).toBe('us-east-1');
    expect(market.instanceTypes.length).toBeGreaterThan(500);
  });

  it('never prices spot, another region or a local zone by the list price of us-east-1', () => {
    const nodes = [
      node('spot', { capacityType: 'spot' }),
      node('ireland', { region: 'eu-west-1', zone: 'eu-west-1a' }),
      node('local', { zone: 'us-east-1-bos-1a' }),
      node('mystery', { instanceType: 'm99.huge' }),
    ];
    expect(priceOf(nodes)).toEqual([undefined, undefined, undefined, undefined]);
    const groups = unpricedNodes(nodes, marketFromCatalog(marketRequest({ nodes })));
    expect(groups.flatMap((group) => group.nodes).sort()).toEqual(['ireland', 'local', 'mystery', 'spot']);
    expect(groups.every(({ remedy }) => remedy.includes('--prices'))).toBe(true);
  });

  it("lets the user's prices win, for one zone or for all", () => {
    const nodes = [node('a'), node('b', { zone: 'us-east-1b' }), node('s', { capacityType: 'spot' })];
    const prices = [
      { instanceType: 'm6i.large', capacityType: 'on-demand', usdPerHour: 0.07 },
      { instanceType: 'm6i.large', zone: 'us-east-1b', capacityType: 'on-demand', usdPerHour: 0.06 },
      { instanceType: 'm6i.large', zone: 'us-east-1a', capacityType: 'spot', usdPerHour: 0.03, asOfMs: 1000 },
    ] as const;
    expect(priceOf(nodes, { prices })).toEqual([0.07, 0.06, 0.03]);
    const market = marketFromCatalog(marketRequest({ nodes }, { prices }));
    expect(market.asOfMs).toBe(1000);
    expect(market.offerings.find(({ priceUsdPerHour }) => priceUsdPerHour === 0.06)?.listUsdPerHour).toBe(0.096);
  });

  it('makes the same market from what a plan file keeps', () => {
    const request = marketRequest(
      { nodes: [node('a')] },
      { prices: [{ instanceType: 'm6i.large', capacityType: 'spot', usdPerHour: 0.03 }] },
    );
    expect(marketFromCatalog(JSON.parse(JSON.stringify(request)))).toEqual(marketFromCatalog(request));
  });
});

describe('unpricedNodes', () => {
  it('tells what is missing where a label is', () => {
    const { instanceType: _type, ...noType } = node('no-type');
    const { capacityType: _capacity, ...noCapacity } = node('by-hand');
    const nodes = [noType, noCapacity, node('fine')];
    const groups = unpricedNodes(nodes, marketFromCatalog(marketRequest({ nodes })));
    expect(groups.map(({ code, nodes: names }) => [code, names])).toEqual([
      ['no-capacity-type', ['by-hand']],
      ['no-instance-type', ['no-type']],
    ]);
  });
});
