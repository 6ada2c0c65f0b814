import type { HostPort } from '@cloudoptim/core';
import type { Filter } from './filter.js';

const refusal = ["node(s) didn't have free ports for the requested pod ports"];

/** Host ports of the node's pods; 0.0.0.0 conflicts with every address (nodeports/node_ports.go, HostPortInfo). */
export const nodePorts: Filter = ({ hostPorts }, node, view) => {
  if (hostPorts.length === 0) return undefined;
  for (const pod of view.podsOn(node)) {
    const taken = view.state.podTemplates[view.templateOf(pod)]?.hostPorts;
    if (taken?.some((port) => hostPorts.some((wanted) => conflict(wanted, port)))) return refusal;
  }
  return undefined;
};

export function conflict(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  const [one, other] = [a.hostIp || anyAddress, b.hostIp || anyAddress];
  return one === other || one === anyAddress || other === anyAddress;
}

const anyAddress = '0.0.0.0';
