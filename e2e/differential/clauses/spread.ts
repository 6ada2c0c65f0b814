import * as words from '../generate/words.js';
import { isNode, type Pod, type Spread } from '../kubernetes.js';
import {
  boundPods,
  type Clause,
  clause,
  drop,
  each,
  keepFirst,
  nodes,
  oneWay,
  type Switch,
  without,
} from './clause.js';
import { emptySelector, mergedKeys, missingSelector, notItself, selectorClauses } from './selectors.js';

const constraints = ({ spec }: Pod) =>
  (spec.topologySpreadConstraints ?? []).filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');

const set = <K extends keyof Spread>(
  field: K,
  value: NonNullable<Spread[K]>,
  when: (one: Spread) => boolean = () => true,
): Switch => ({
  pod: (pod) =>
    each(constraints(pod), (one) => {
      if (one[field] === value || !when(one)) return false;
      one[field] = value;
      return true;
    }),
});

/** Whether nothing but topology spread looks at other pods or at topology labels for this pod. */
const spreadAlone = (pod: Pod) =>
  constraints(pod).length > 0 && pod.spec.affinity === undefined && pod.spec.nodeSelector === undefined;

const topologyKeys = [words.zone, words.hostname, 'rack'];

/** Nodes that lack a topology key get one, a domain of their own. */
export const giveKeys = nodes(({ metadata: { labels, name } }) =>
  each(topologyKeys, (key) => {
    if (labels[key] !== undefined) return false;
    labels[key] = `own-${name}`;
    return true;
  }),
);

export const spreadClauses: readonly Clause[] = [
  clause('spread/maxSkew', 'a domain may have maxSkew more than the fewest', set('maxSkew', 99), set('maxSkew', 1)),
  clause(
    'spread/minDomains',
    'with fewer domains than minDomains the fewest is zero',
    { pod: (pod) => each(constraints(pod), (one) => drop(one, 'minDomains')) },
    set('minDomains', 99),
  ),
  clause(
    'spread/affinity-honor',
    'nodes outside the pod’s node affinity are no domains',
    set('nodeAffinityPolicy', 'Ignore', ({ nodeAffinityPolicy = 'Honor' }) => nodeAffinityPolicy === 'Honor'),
  ),
  clause(
    'spread/affinity-ignore',
    'nodes outside the pod’s node affinity are domains under Ignore',
    set('nodeAffinityPolicy', 'Honor', ({ nodeAffinityPolicy }) => nodeAffinityPolicy === 'Ignore'),
  ),
  clause(
    'spread/taints-honor',
    'tainted nodes are no domains under Honor',
    set('nodeTaintsPolicy', 'Ignore', ({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor'),
  ),
  clause(
    'spread/taints-ignore',
    'tainted nodes are domains',
    set('nodeTaintsPolicy', 'Honor', ({ nodeTaintsPolicy = 'Ignore' }) => nodeTaintsPolicy === 'Ignore'),
  ),
  clause('spread/cordoned-domain', 'a cordoned node is a domain', {
    pod: spreadAlone,
    cluster: without((object) => isNode(object) && object.spec.unschedulable === true),
  }),
  oneWay('refused', 'spread/self', 'the pod itself adds one where its own selector takes it', notItself(constraints)),
  ...selectorClauses('spread', constraints),
  emptySelector('spread', 'an empty selector counts no bound pod', constraints, {
    means: 'nobody',
    verdict: 'allowed',
  }),
  missingSelector('spread', 'without a selector nothing is counted', constraints, 'allowed'),
  mergedKeys('spread', 'matchLabelKeys', constraints),
  clause('spread/missing-key', 'a node without the key is refused and is no domain', {
    pod: spreadAlone,
    cluster: giveKeys,
  }),
  oneWay('refused', 'spread/all', 'every constraint must hold, not only the first', {
    pod: ({ spec }) => {
      const hard = spec.topologySpreadConstraints?.filter(
        ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
      );
      const fewer = keepFirst(hard);
      if (fewer && hard !== undefined) spec.topologySpreadConstraints = hard;
      return fewer;
    },
  }),
  clause('spread/terminating', 'pods that are terminating are not counted', {
    pod: spreadAlone,
    cluster: boundPods(({ metadata }) => drop(metadata, 'deletionTimestamp')),
  }),
  clause(
    'spread/own-namespace',
    'only pods of the own namespace are counted',
    ...words.namespaceNames.map((namespace) => ({
      pod: (pod: Pod) => pod.metadata.namespace === namespace && spreadAlone(pod),
      cluster: boundPods(({ metadata, spec }) => {
        if (metadata.namespace === namespace) return false;
        metadata.name = `${metadata.name}-moved`;
        metadata.namespace = namespace;
        // Seen from there, its own rules would be other rules.
        delete spec.affinity;
        return true;
      }),
    })),
  ),
  oneWay('allowed', 'spread/ScheduleAnyway', 'ScheduleAnyway never filters', {
    pod: ({ spec }) =>
      each(spec.topologySpreadConstraints, (one) => {
        if (one.whenUnsatisfiable === 'DoNotSchedule') return false;
        one.whenUnsatisfiable = 'DoNotSchedule';
        return true;
      }),
  }),
];
