import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasAssets } from '../../rig/assets.js';
import { type ControlPlane, startControlPlane } from '../../rig/control-plane.js';
import { namespace, node, pod } from '../../rig/objects.js';
import { untilAtRest } from './at-rest.js';
import { LiveCluster } from './live-cluster.js';

describe.runIf(hasAssets)('a cluster at rest', () => {
  let plane: ControlPlane;
  let live: LiveCluster;
  beforeAll(async () => {
    plane = await startControlPlane({ scheduler: {}, controllers: 'usual', kwok: {} });
    live = await LiveCluster.start(plane.client);
  });
  afterAll(async () => {
    live?.stop();
    await plane?.stop();
  });

  // A DaemonSet's pod was bound to a node just after its end, and was there still when the plan's state was read.
  it('has no pod on a node that is gone', async () => {
    const { client } = plane;
    await namespace(client, 'shop');
    await client.create('/api/v1/nodes', node('here'));
    for (const nodeName of ['here', 'gone'])
      await client.create('/api/v1/namespaces/shop/pods', pod(nodeName, { spec: { nodeName } }));
    expect(await untilAtRest(client, live)).toBe(true);
    const left = await client.list('/api/v1/pods');
    expect(left.map(({ metadata }) => metadata?.name)).toEqual(['here']);
  });
});
