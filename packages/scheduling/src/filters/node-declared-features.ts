import type { Filter } from './filter.js';

const refusal = ["node(s) didn't match Pod's required features"];

/** Features that the kubelet must declare; on by default from 1.36 (nodedeclaredfeatures/nodedeclaredfeatures.go, KEP-5328). */
export const nodeDeclaredFeatures: Filter = ({ template: { requiredNodeFeatures = [] } }, node, view) => {
  if (requiredNodeFeatures.length === 0 || !enabled(view.state)) return undefined;
  const declared = view.node(node)?.declaredFeatures ?? [];
  return requiredNodeFeatures.every((feature) => declared.includes(feature)) ? undefined : refusal;
};

function enabled({ kubernetesVersion, scheduler: { featureGates = {} } }: Parameters<Filter>[2]['state']): boolean {
  const gate = Object.hasOwn(featureGates, 'NodeDeclaredFeatures') ? featureGates.NodeDeclaredFeatures : undefined;
  if (gate !== undefined) return gate;
  const match = /^v?(\d+)\.(\d+)/.exec(kubernetesVersion ?? '');
  return match === null || Number(match[1]) > 1 || Number(match[2]) >= 36;
}
