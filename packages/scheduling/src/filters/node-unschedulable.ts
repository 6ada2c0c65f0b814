import { tolerates, unschedulableTaint } from '../tolerations.js';
import type { Filter } from './filter.js';

const refusal = ['node(s) were unschedulable'];

/** Cordoned nodes take only pods that tolerate the taint of cordoned nodes (nodeunschedulable/node_unschedulable.go). */
export const nodeUnschedulable: Filter = ({ template }, node, view) =>
  view.node(node)?.unschedulable !== true ||
  tolerates(template.tolerations, unschedulableTaint, view.comparisonOperators)
    ? undefined
    : refusal;
