import type { Filter } from './filter.js';

const refusal = ["node(s) didn't match the requested node name"];

/** spec.nodeName, where the manifest sets it (nodename/node_name.go). */
export const nodeName: Filter = ({ template }, node, view) =>
  template.nodeName === undefined || template.nodeName === '' || template.nodeName === view.node(node)?.name
    ? undefined
    : refusal;
