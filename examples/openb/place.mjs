/**
 * Where the pods run "today": openb says on which nodes nobody ran, so each running pod is placed in order of its scheduled
 * time on the feasible node that kube-scheduler's LeastAllocated strategy scores highest, ties to the first node listed.
 * Source of the score: kubernetes pkg/scheduler/framework/plugins/noderesources/least_allocated.go (cpu and memory, weight 1).
 */
export const podsPerNode = 110;

/** Sets `node` of each pod that finds room; returns those that do not. */
export function placeLeastAllocated(pods, nodes) {
  const free = nodes.map((node) => ({
    node,
    cpu: node.cpuMilli,
    memory: node.memoryMib,
    gpus: node.gpus,
    pods: podsPerNode,
  }));
  const order = [...pods].sort((a, b) => a.scheduledAt - b.scheduledAt || (a.name < b.name ? -1 : 1));
  const unplaced = [];
  for (const pod of order) {
    let best;
    let bestScore = -1;
    for (const room of free) {
      if (room.cpu < pod.cpuMilli || room.memory < pod.memoryMib || room.gpus < pod.gpus || room.pods < 1) continue;
      const score = leastAllocated(room, pod);
      if (score > bestScore) [best, bestScore] = [room, score];
    }
    if (best === undefined) {
      unplaced.push(pod);
      continue;
    }
    best.cpu -= pod.cpuMilli;
    best.memory -= pod.memoryMib;
    best.gpus -= pod.gpus;
    best.pods -= 1;
    pod.node = best.node.name;
  }
  return unplaced;
}

function leastAllocated(room, pod) {
  const cpu = Math.trunc(((room.cpu - pod.cpuMilli) * 100) / room.node.cpuMilli);
  const memory = Math.trunc(((room.memory - pod.memoryMib) * 100) / room.node.memoryMib);
  return Math.trunc((cpu + memory) / 2);
}
