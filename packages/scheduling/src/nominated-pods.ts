import { type ClusterState, isTerminal, isTerminating, type Node, type Reason } from '@cloudoptim/core';

/**
 * Why a node is kept for pods that wait: kube-scheduler has nominated them to it (`status.nominatedNodeName`) and binds them there as soon as
 * the pods that they preempt are gone (pkg/scheduler/framework/preemption). To a plan such a node may look empty. At most one reason a node.
 */
export function nominatedReasons(state: ClusterState): (node: Node) => readonly Reason[] {
  const byNode = new Map<string, number[]>();
  const { pods } = state;
  for (let pod = 0; pod < pods.count; pod++) {
    if (pods.node[pod] !== -1) continue;
    const nominated = pods.extra[pod]?.nominatedNode;
    if (nominated === undefined || isTerminal(state, pod) || isTerminating(state, pod)) continue;
    const others = byNode.get(nominated);
    if (others === undefined) byNode.set(nominated, [pod]);
    else others.push(pod);
  }
  return ({ name }) => {
    const nominated = byNode.get(name);
    return nominated === undefined ? [] : [reasonOf(state, name, nominated)];
  };
}

function reasonOf(state: ClusterState, node: string, nominated: readonly number[]): Reason {
  const [first = -1] = nominated;
  const namespace = state.podTemplates[state.pods.template[first] as number]?.namespace;
  const message = `Pods that wait are nominated to node ${node} (${nominated.length}, the first is ${namespace}/${state.pods.name[first]}): kube-scheduler keeps room for them there and binds them any moment. Look again once they run.`;
  return { code: 'nominated-pod', message, numbers: { pods: nominated.length } };
}
