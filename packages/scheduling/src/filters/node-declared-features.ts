import { isAtLeast } from '../kubernetes-version.js';
import type { Filter } from './filter.js';

const refusal = ["node(s) didn't match Pod's required features"];

/** Features that the kubelet must declare; on by default from 1.36 (nodedeclaredfeatures/nodedeclaredfeatures.go, KEP-5328). */
export const nodeDeclaredFeatures: Filter = ({ template: { requiredNodeFeatures = [] } }, node, view) => {
  if (requiredNodeFeatures.length === 0 || !enabled(view.state)) return undefined;
  const declared = view.node(node)?.declaredFeatures ?? [];
  return requiredNodeFeatures.every((feature) => declared.includes(feature)) ? undefined : refusal;
};

function enabled(state: Parameters<Filter>[2]['state']): boolean {
  const { featureGates = {} } = state.scheduler;
  const gate = Object.hasOwn(featureGates, 'NodeDeclaredFeatures') ? featureGates.NodeDeclaredFeatures : undefined;
  return gate ?? isAtLeast(state, 36);
}
