import { untoleratedTaint } from '../tolerations.js';
import type { Filter } from './filter.js';

const refusal = ['node(s) had untolerated taint(s)'];

/** NoSchedule and NoExecute taints; the words of 1.34 and later, without the taint (tainttoleration/taint_toleration.go). */
export const taintToleration: Filter = ({ template }, node, view) =>
  untoleratedTaint(view.node(node)?.taints, template.tolerations, view.comparisonOperators) === undefined
    ? undefined
    : refusal;
