import { isAtLeast } from '../kubernetes-version.js';
import { untoleratedTaint } from '../tolerations.js';
import type { Filter } from './filter.js';

const refusal = ['node(s) had untolerated taint(s)'];

/** NoSchedule and NoExecute taints (tainttoleration/taint_toleration.go); until 1.34 the words name the first of them. */
export const taintToleration: Filter = ({ template }, node, view) => {
  const taint = untoleratedTaint(view.node(node)?.taints, template.tolerations, view.comparisonOperators);
  if (taint === undefined) return undefined;
  return isAtLeast(view.state, 35) ? refusal : [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
};
