import { onDemandPrice, regionOfZone } from '@cloudoptim/catalog';
import { createPriceBook, type Market, type Node } from '@cloudoptim/core';
import { foreignPrice } from './foreign-prices.js';

/** Nodes without a known price, grouped by why, with what would price them. */
export interface UnpricedGroup {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly nodes: readonly string[];
}

const priceFile = 'Give their price with --prices FILE.';

/** Why the bill leaves nodes out. A node that is not listed here is priced. */
export function unpricedNodes(nodes: readonly Node[], market: Market): UnpricedGroup[] {
  const prices = createPriceBook(market);
  const groups = new Map<string, UnpricedGroup & { nodes: string[] }>();
  for (const node of nodes) {
    if (prices.nodeUsdPerHour(node) !== undefined) continue;
    const why = whyUnpriced(node);
    const group = groups.get(why.message);
    if (group === undefined) groups.set(why.message, { ...why, nodes: [node.name] });
    else group.nodes.push(node.name);
  }
  return [...groups.values()].sort((a, b) => b.nodes.length - a.nodes.length || (a.code < b.code ? -1 : 1));
}

function whyUnpriced(node: Node): Omit<UnpricedGroup, 'nodes'> {
  const own = foreignPrice(node);
  if (own === 'fargate') {
    return why('fargate', 'Fargate bills the vCPU and memory of pods, not nodes', 'They are left out of both totals.');
  }
  if (own === 'windows') {
    return why('windows', 'Windows nodes have prices of their own', 'They are left out of both totals.');
  }
  const { instanceType, zone, capacityType } = node;
  if (instanceType === undefined) {
    return why(
      'no-instance-type',
      'their label node.kubernetes.io/instance-type is missing',
      'They are left out of both totals.',
    );
  }
  if (zone === undefined) {
    return why('no-zone', 'their label topology.kubernetes.io/zone is missing', 'They are left out of both totals.');
  }
  if (capacityType === undefined) {
    return why(
      'no-capacity-type',
      'no label says whether they are on demand or spot',
      'They are left out of both totals.',
    );
  }
  if (capacityType !== 'on-demand')
    return why(`${capacityType}-price`, `${capacityType} prices are not in the catalogue`, priceFile);
  const price = onDemandPrice({ instanceType, region: regionOfZone(zone) ?? zone });
  if (price.known) return why('not-offered', `${instanceType} is not offered in ${zone}`, priceFile);
  return why(price.reason.code, price.reason.message.replace(/\.$/, ''), priceFile);
}

function why(code: string, message: string, remedy: string): Omit<UnpricedGroup, 'nodes'> {
  return { code, message, remedy };
}
