import * as words from '../generate/words.js';
import { type Amounts, type Container, isPod, type Pod } from '../kubernetes.js';
import { boundPods, type Clause, clause, drop, each, nodes, oneWay, put, without } from './clause.js';
import { ended, revive } from './ports.js';

function containers({ spec }: Pod): Container[] {
  return [...spec.containers, ...(spec.initContainers ?? [])];
}

/** A resource that no node lacks, or that no node has. */
function resource(name: string): Clause {
  return clause(
    `resource/${name}`,
    `what is asked of ${name} must be free`,
    {
      pod: (pod) => {
        const asks = ({ resources = {} }: { resources?: Amounts }) => {
          const asked = resources.requests !== undefined && drop(resources.requests, name);
          // A limit alone would be a request as well.
          return (resources.limits !== undefined && drop(resources.limits, name)) || asked;
        };
        const own = each(containers(pod), asks);
        const whole = asks(pod.spec);
        const more = pod.spec.overhead !== undefined && drop(pod.spec.overhead, name);
        return own || whole || more;
      },
    },
    {
      cluster: nodes(({ status: { allocatable } }) => {
        if (allocatable[name] === undefined) return false;
        allocatable[name] = '0';
        return true;
      }),
    },
  );
}

const initOf = (pod: Pod, sidecar: boolean) =>
  (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => (restartPolicy === 'Always') === sidecar);

const withoutInit = (sidecar: boolean) => (pod: Pod) => {
  const gone = initOf(pod, sidecar);
  pod.spec.initContainers = (pod.spec.initContainers ?? []).filter((one) => !gone.includes(one));
  return gone.length > 0;
};

export const resourceClauses: readonly Clause[] = [
  resource('cpu'),
  resource('memory'),
  resource('ephemeral-storage'),
  resource(words.extended),
  resource(words.otherExtended),
  resource(words.hugepages),
  clause(
    'resource/pods',
    'a node takes no more pods than it has room for',
    {
      cluster: nodes(({ status: { allocatable } }) => put(allocatable, 'pods', '999')),
    },
    { cluster: nodes(({ status: { allocatable } }) => put(allocatable, 'pods', '0')) },
  ),
  oneWay('allowed', 'resource/zero', 'a request of zero fits a node that is overcommitted', {
    pod: ({ spec }) => {
      const [app] = spec.containers as [Container];
      const requests = app.resources?.requests ?? {};
      app.resources = { ...app.resources, requests };
      if (spec.initContainers !== undefined || spec.overhead !== undefined || spec.resources !== undefined)
        return false;
      return each(['cpu', 'memory'], (name) => {
        if (requests[name] !== undefined && requests[name] !== '0') return false;
        requests[name] = '1';
        if (name === 'cpu') requests[name] = '1m';
        return true;
      });
    },
  }),
  clause(
    'resource/init',
    'init containers count by the most that one of them needs',
    { pod: withoutInit(false) },
    {
      pod: (pod) => {
        const init = initOf(pod, false);
        withoutInit(false)(pod);
        pod.spec.containers.push(...init);
        return init.length > 0;
      },
    },
  ),
  oneWay('refused', 'resource/sidecar', 'restartable init containers add up with the main ones', {
    pod: withoutInit(true),
  }),
  clause(
    'resource/sidecar-order',
    'an init container runs beside the restartable ones before it',
    {
      pod: (pod) => {
        const own = pod.spec.initContainers ?? [];
        pod.spec.initContainers = [...initOf(pod, false), ...initOf(pod, true)];
        return own.some((one, at) => pod.spec.initContainers?.[at] !== one);
      },
    },
    {
      pod: (pod) => {
        const own = pod.spec.initContainers ?? [];
        pod.spec.initContainers = [...initOf(pod, true), ...initOf(pod, false)];
        return own.some((one, at) => pod.spec.initContainers?.[at] !== one);
      },
    },
  ),
  clause(
    'resource/overhead',
    'the overhead of the runtime class is added',
    { pod: ({ spec }) => drop(spec, 'overhead') },
    { pod: ({ spec }) => spec.overhead !== undefined && put(spec.overhead, 'cpu', '3') },
  ),
  clause(
    'resource/pod-level',
    'requests of the pod as a whole count in place of its containers’',
    { pod: ({ spec }) => drop(spec, 'resources') },
    {
      pod: ({ spec }) =>
        spec.resources !== undefined && put(spec, 'resources', { requests: { cpu: '64', memory: '64Gi' } }),
    },
  ),
  oneWay('refused', 'resource/bound-init', 'init containers of bound pods count as those of others', {
    cluster: boundPods(({ spec }) => drop(spec, 'initContainers')),
  }),
  oneWay('refused', 'resource/bound-pod-level', 'requests of bound pods as a whole count', {
    cluster: boundPods(({ spec }) => drop(spec, 'resources')),
  }),
  oneWay('refused', 'resource/allocated', 'a bound pod holds the most of its spec, its status and what is allocated', {
    cluster: boundPods(({ status }) => status !== undefined && drop(status, 'containerStatuses')),
  }),
  oneWay('allowed', 'resource/resize-infeasible', 'without its spec, when its resize is infeasible', {
    cluster: boundPods(({ status }) =>
      each((status?.conditions ?? []) as { type: string; reason?: string }[], (one) => {
        if (one.type !== 'PodResizePending') return false;
        one.reason = 'Deferred';
        return true;
      }),
    ),
  }),
  oneWay('allowed', 'resource/finished', 'pods that ended hold nothing', {
    cluster: (objects) => each(objects.filter(ended), revive),
  }),
  oneWay('refused', 'resource/terminating', 'pods that are terminating hold what they held', {
    pod: ({ spec }) => spec.affinity?.podAffinity === undefined && spec.affinity?.podAntiAffinity === undefined,
    cluster: without((object) => isPod(object) && object.metadata.deletionTimestamp !== undefined),
  }),
];
