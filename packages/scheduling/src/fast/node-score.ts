/**
 * How nodes are scored: as score.ts does, in ten-thousandths, or as kube-scheduler does, in whole percentages. `any` scores
 * all alike.
 */
export type NodeScore = 'least' | 'most' | 'leastPercent' | 'mostPercent' | 'any';

/** Higher is better; by what would be free of what is allocatable, once the pod was there. */
export function scoreNode(
  freeCpu: number,
  freeMemory: number,
  ofCpu: number,
  ofMemory: number,
  score: NodeScore,
): number {
  switch (score) {
    case 'least':
      return share(freeCpu, ofCpu) + share(freeMemory, ofMemory);
    case 'most':
      return -(share(freeCpu, ofCpu) + share(freeMemory, ofMemory));
    case 'leastPercent':
      return Math.floor((percent(freeCpu, ofCpu) + percent(freeMemory, ofMemory)) / 2);
    case 'mostPercent':
      return -Math.floor((percent(freeCpu, ofCpu) + percent(freeMemory, ofMemory)) / 2);
    case 'any':
      return 0;
  }
}

function share(free: number, allocatable: number): number {
  return free > 0 ? Math.floor((free / allocatable) * 10_000) : 0;
}

function percent(free: number, allocatable: number): number {
  return free > 0 ? Math.floor((free * 100) / allocatable) : 0;
}
