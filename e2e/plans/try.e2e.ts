import { it } from 'vitest';
import { startControlPlane } from '../rig/control-plane.js';
import { buildCluster, mendCluster, wipeCluster } from './cluster/build-cluster.js';
import { clusterSpec } from './cluster/cluster-spec.js';
import { preparePlane } from './cluster/prepare-plane.js';
import { delayedStages } from './cluster/stages.js';
import { untilAtRest } from './live/at-rest.js';
import { LiveCluster } from './live/live-cluster.js';
import { isUnschedulable } from './live/pod-facts.js';
import { readState } from './live/read-state.js';

it('tries', async () => {
  const t0 = performance.now();
  const lap = (what: string) => console.log(what, Math.round(performance.now() - t0));
  const plane = await startControlPlane({ scheduler: { config: { podInitialBackoffSeconds: 1, podMaxBackoffSeconds: 1 } }, controllers: 'usual', kwok: { stages: delayedStages() } });
  try {
    await preparePlane(plane.client);
    lap('plane');
    const live = await LiveCluster.start(plane.client);
    for (let seed = 1; seed <= 4; seed++) {
      const spec = clusterSpec(seed);
      await buildCluster(plane.client, spec);
      lap(`built ${spec.nodes.length} nodes`);
      const rest = await untilAtRest(plane.client, live);
      lap(`rest ${rest} pods ${live.pods.size} pending ${[...live.pods.values()].filter(isUnschedulable).length}`);
      const state = await readState(plane.client, spec);
      lap(`read ${state.pods.count} ${state.nodes.length}`);
      await mendCluster(plane.client, spec);
      await wipeCluster(plane.client, spec);
      lap('wiped');
    }
    live.stop();
  } catch (error) {
    console.log(plane.programs.map((p) => p.name + p.tail(5)).join('\n'));
    throw error;
  } finally {
    await plane.stop();
  }
});
