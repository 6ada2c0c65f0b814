import { isNode, type Node, type Pod, type Toleration } from '../kubernetes.js';
import { type Clause, clause, nodes, oneWay } from './clause.js';

const cordonKey = 'node.kubernetes.io/unschedulable';

/** The tolerations that `which` names tolerate everything, or nothing. */
function toleration(id: string, rule: string, which: (one: Toleration) => boolean): Clause {
  const replace = (by: Toleration[]) => (pod: Pod) => {
    const own = pod.spec.tolerations ?? [];
    if (!own.some((one) => generated(one) && which(one))) return false;
    pod.spec.tolerations = own.flatMap((one) => (generated(one) && which(one) ? by : [one]));
    return true;
  };
  return clause(id, rule, { pod: replace([{ operator: 'Exists' }]) }, { pod: replace([]) });
}

/** The two that admission gives to every pod say nothing of the rules. */
function generated({ key }: Toleration): boolean {
  return key !== 'node.kubernetes.io/not-ready' && key !== 'node.kubernetes.io/unreachable';
}

/** Widens the tolerations that have a field by taking it away. */
const widen = (which: (one: Toleration) => boolean, change: (one: Toleration) => void) => ({
  pod: (pod: Pod) => {
    const own = (pod.spec.tolerations ?? []).filter((one) => generated(one) && which(one));
    for (const one of own) change(one);
    return own.length > 0;
  },
});

/** What nothing but a toleration of everything tolerates. */
const intolerable = (effect: string) => ({ key: 'intolerable', effect });

function hasTaint(node: Node, effect: string): boolean {
  return (node.spec.taints ?? []).some((taint) => taint.effect === effect);
}

function taint(effect: string): Clause {
  return clause(
    `taint/${effect}`,
    `a taint with the effect ${effect} keeps pods away that do not tolerate it`,
    {
      cluster: nodes((node) => {
        if (!hasTaint(node, effect)) return false;
        node.spec.taints = (node.spec.taints ?? []).filter((one) => one.effect !== effect);
        return true;
      }),
    },
    {
      cluster: nodes((node) => {
        if (!hasTaint(node, effect)) return false;
        node.spec.taints?.push(intolerable(effect));
        return true;
      }),
    },
  );
}

export const taintClauses: readonly Clause[] = [
  toleration('toleration/Exists', 'Exists tolerates any value of the key', ({ operator }) => operator === 'Exists'),
  toleration(
    'toleration/Equal',
    'Equal tolerates an equal value',
    ({ operator = 'Equal', value }) => operator === 'Equal' && value !== undefined,
  ),
  toleration(
    'toleration/no-value',
    'Equal without a value tolerates a taint without one',
    ({ operator = 'Equal', value }) => operator === 'Equal' && value === undefined,
  ),
  toleration('toleration/no-key', 'without a key every key is tolerated', ({ key }) => key === undefined),
  toleration(
    'toleration/no-effect',
    'without an effect every effect is tolerated',
    ({ effect, key }) => effect === undefined && key !== undefined,
  ),
  oneWay(
    'refused',
    'toleration/key',
    'the key must be that of the taint',
    widen(
      ({ key }) => key !== undefined && key !== cordonKey,
      (one) => {
        delete one.key;
        delete one.value;
        one.operator = 'Exists';
      },
    ),
  ),
  oneWay(
    'refused',
    'toleration/value',
    'the value must be that of the taint',
    widen(
      ({ operator = 'Equal' }) => operator === 'Equal',
      (one) => {
        delete one.value;
        one.operator = 'Exists';
      },
    ),
  ),
  oneWay(
    'refused',
    'toleration/effect',
    'the effect must be that of the taint',
    widen(
      ({ effect, key }) => effect !== undefined && key !== cordonKey,
      (one) => {
        delete one.effect;
      },
    ),
  ),
  taint('NoSchedule'),
  taint('NoExecute'),
  oneWay('allowed', 'taint/PreferNoSchedule', 'PreferNoSchedule never forbids', {
    cluster: nodes((node) => {
      const soft = (node.spec.taints ?? []).filter(({ effect }) => effect === 'PreferNoSchedule');
      for (const one of soft) one.effect = 'NoSchedule';
      return soft.length > 0;
    }),
  }),
  oneWay('refused', 'taint/all', 'every taint must be tolerated, not only the first', {
    cluster: nodes((node) => {
      const taints = (node.spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
      if (taints.length < 2) return false;
      node.spec.taints = taints.slice(0, 1);
      return true;
    }),
  }),
  clause(
    'node/cordoned',
    'a cordoned node takes only pods that tolerate its taint',
    {
      cluster: nodes((node) => {
        if (node.spec.unschedulable !== true) return false;
        delete node.spec.unschedulable;
        return true;
      }),
    },
    {
      cluster: nodes((node) => {
        if (node.spec.unschedulable !== true) return false;
        node.spec.taints = [...(node.spec.taints ?? []), intolerable('NoSchedule')];
        return true;
      }),
    },
  ),
  oneWay('allowed', 'node/not-ready', 'a node that is not Ready takes pods as long as it has no taint', {
    cluster: (objects) => {
      const unready = objects.filter(isNode).filter(({ status }) => notReady(status));
      for (const node of unready) node.spec.taints = [...(node.spec.taints ?? []), intolerable('NoSchedule')];
      return unready.length > 0;
    },
  }),
];

function notReady({ conditions }: Node['status']): boolean {
  return (conditions as { type: string; status: string }[]).some(
    ({ type, status }) => type === 'Ready' && status !== 'True',
  );
}
