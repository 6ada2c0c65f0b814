import type { Game } from './hunt.js';

/** What pods with volumes can tell of besides. */
export const volumeGame: Game = {
  filters: {
    VolumeRestrictions: ['filters/volume-restrictions.ts'],
    NodeVolumeLimits: ['filters/node-volume-limits.ts'],
    VolumeBinding: ['filters/volume-binding.ts'],
    VolumeZone: ['filters/volume-zone.ts'],
  },
};

/** What pods without volumes can tell of. */
export const filterGame: Game = {
  filters: {
    SchedulingGates: ['filters/scheduling-gates.ts'],
    NodeUnschedulable: ['filters/node-unschedulable.ts'],
    TaintToleration: ['filters/taint-toleration.ts', 'tolerations.ts'],
    NodeAffinity: ['filters/node-affinity.ts', 'node-selectors.ts'],
    NodePorts: ['filters/node-ports.ts'],
    NodeResourcesFit: ['filters/node-resources-fit.ts'],
    PodTopologySpread: ['filters/pod-topology-spread.ts', 'spread-constraint.ts'],
    InterPodAffinity: ['filters/inter-pod-affinity.ts', 'affinity-term.ts', 'labels.ts'],
  },
};
