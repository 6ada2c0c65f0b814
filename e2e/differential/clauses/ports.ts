import type { KubernetesObject } from '../../rig/api-client.js';
import { isPod, type Pod, type Port } from '../kubernetes.js';
import { boundPods, type Clause, each, oneWay, type Switch } from './clause.js';

function portsOf({ spec }: Pod): Port[] {
  const counted = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...spec.containers, ...counted].flatMap(({ ports }) => ports ?? []);
}

/** Changes the ports of all pods; either side alone may have nothing to change. */
const everywhere = (change: (port: Port) => boolean): Switch => {
  const changePod = (pod: Pod) => {
    each(portsOf(pod), change);
    return portsOf(pod).length > 0;
  };
  return {
    pod: changePod,
    cluster: (objects) => {
      boundPods(changePod)(objects);
      return true;
    },
  };
};

const anyAddress = ({ hostIP = '0.0.0.0' }: Port) => hostIP === '0.0.0.0' || hostIP === '';

const address = (which: (port: Port) => boolean, to: string) => (pod: Pod) =>
  each(portsOf(pod), (port) => {
    if (!which(port)) return false;
    port.hostIP = to;
    return true;
  });

const set = <K extends keyof Port>(field: K, value: NonNullable<Port[K]>) =>
  everywhere((port) => {
    if (port.hostPort === undefined || port.hostPort === 0) return false;
    port[field] = value;
    return true;
  });

const noPorts =
  (which: (container: { restartPolicy?: string }) => boolean) =>
  ({ spec }: Pod) =>
    each([...spec.containers, ...(spec.initContainers ?? [])], (container) => {
      if (container.ports === undefined || !which(container)) return false;
      delete container.ports;
      return true;
    });

export const portClauses: readonly Clause[] = [
  oneWay('refused', 'port/taken', 'a host port that a pod of the node has is not free', { pod: noPorts(() => true) }),
  oneWay('allowed', 'port/number', 'other numbers do not conflict', set('hostPort', 80)),
  oneWay('allowed', 'port/protocol', 'other protocols do not conflict', set('protocol', 'TCP')),
  oneWay('allowed', 'port/address', 'other addresses do not conflict', set('hostIP', '0.0.0.0')),
  oneWay('refused', 'port/same-address', 'the same address conflicts with itself', {
    pod: address((port) => !anyAddress(port), '10.9.9.1'),
  }),
  oneWay('refused', 'port/any-address-asked', '0.0.0.0 conflicts with every address that is taken', {
    pod: address(anyAddress, '10.9.9.2'),
  }),
  oneWay('refused', 'port/any-address-taken', 'a port taken at 0.0.0.0 is taken at every address', {
    pod: (pod) => portsOf(pod).length > 0,
    cluster: boundPods(address(anyAddress, '10.9.9.3')),
  }),
  oneWay('refused', 'port/sidecar-asked', 'ports of restartable init containers count', {
    pod: noPorts(({ restartPolicy }) => restartPolicy === 'Always'),
  }),
  oneWay('refused', 'port/sidecar-taken', 'ports of bound restartable init containers count', {
    pod: (pod) => portsOf(pod).length > 0,
    cluster: boundPods(noPorts(({ restartPolicy }) => restartPolicy === 'Always')),
  }),
  oneWay('allowed', 'port/init', 'ports of other init containers do not count', {
    pod: ({ spec }) =>
      each(spec.initContainers, (container) => {
        if (container.ports === undefined || container.restartPolicy === 'Always') return false;
        spec.containers[0]?.ports?.push(...container.ports);
        return true;
      }),
  }),
  oneWay('refused', 'port/host-network', 'in the network of the host every port is a host port', {
    pod: (pod) => pod.spec.hostNetwork === true && noPorts(() => true)(pod),
  }),
  oneWay('allowed', 'port/finished', 'pods that ended hold no ports', {
    pod: (pod) => portsOf(pod).length > 0,
    cluster: (objects) => each(objects.filter(ended), revive),
  }),
];

export function ended(object: KubernetesObject): object is Pod {
  return isPod(object) && (object.status?.phase === 'Succeeded' || object.status?.phase === 'Failed');
}

export function revive(pod: Pod): boolean {
  pod.status = { ...pod.status, phase: 'Running' };
  return true;
}
