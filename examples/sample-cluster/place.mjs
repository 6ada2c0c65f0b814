import { apps, daemonSets } from './apps.mjs';

/** Millicores, MiB and pods that a node of each type offers to pods, as EKS sets it up without prefix delegation. */
export const shapes = {
  'm5.large': shape(2, 8, 29, 'amd64'),
  'm5d.large': shape(2, 8, 29, 'amd64'),
  'm5.xlarge': shape(4, 16, 58, 'amd64'),
  'm6i.xlarge': shape(4, 16, 58, 'amd64'),
  'm5.2xlarge': shape(8, 32, 58, 'amd64'),
  'm6i.2xlarge': shape(8, 32, 58, 'amd64'),
  'c6i.large': shape(2, 4, 29, 'amd64'),
  'c6i.2xlarge': shape(8, 16, 58, 'amd64'),
  'r6i.2xlarge': shape(8, 64, 58, 'amd64'),
  'r6i.4xlarge': shape(16, 128, 234, 'amd64'),
  'm7g.xlarge': shape(4, 16, 58, 'arm64'),
  'm7g.2xlarge': shape(8, 32, 58, 'arm64'),
};

/**
 * Decides where every pod sits: apps with `at` exactly there, the others over the full nodes of their pool, each pod on the
 * node with the fewest of its kind in the zone, then on the node, then with the least CPU taken. Throws when one does not
 * fit, so that an edit of the tables cannot make an impossible cluster.
 *
 * Returns per app the node of each replica.
 */
export function placeApps(nodes) {
  const taken = new Map(nodes.map((node) => [node.key, { cpu: 0, memory: 0, pods: 0 }]));
  for (const node of nodes) for (const agent of daemonSets) take(taken.get(node.key), agent);
  const fixed = apps.filter((app) => app.at);
  const spread = apps.filter((app) => !app.at).sort((a, b) => b.cpu - a.cpu);
  const placed = new Map();
  for (const app of [...fixed, ...spread]) placed.set(app, app.at ? placeAt(app) : placeInPool(app));
  return placed;

  function placeAt(app) {
    return Object.entries(app.at).flatMap(([key, count]) => {
      const node = nodes.find((candidate) => candidate.key === key);
      for (let i = 0; i < count; i++) {
        if (!fits(node, app)) throw new Error(`${app.namespace}/${app.name} does not fit on ${key}`);
        take(taken.get(key), app);
      }
      return Array.from({ length: count }, () => node);
    });
  }

  function placeInPool(app) {
    const candidates = nodes.filter(
      (node) => node.pool === app.pool && (node.role === 'full' || node.pool === 'batch'),
    );
    const chosen = [];
    for (let replica = 0; replica < app.replicas; replica++) {
      const onNode = (node) => chosen.filter((other) => other === node).length;
      const inZone = (node) => (app.zones ? chosen.filter((other) => other.zone === node.zone).length : 0);
      const [best] = candidates
        .filter((node) => fits(node, app) && (app.hosts !== 'required' || onNode(node) === 0))
        .sort((a, b) => inZone(a) - inZone(b) || onNode(a) - onNode(b) || share(a) - share(b));
      if (!best) throw new Error(`replica ${replica} of ${app.namespace}/${app.name} fits on no node of ${app.pool}`);
      take(taken.get(best.key), app);
      chosen.push(best);
    }
    return chosen;
  }

  function fits(node, app) {
    const has = shapes[node.type];
    const used = taken.get(node.key);
    return used.cpu + app.cpu <= has.cpu && used.memory + app.memory <= has.memory && used.pods < has.pods;
  }

  function share(node) {
    return taken.get(node.key).cpu / shapes[node.type].cpu;
  }
}

function take(used, { cpu, memory }) {
  used.cpu += cpu;
  used.memory += memory;
  used.pods += 1;
}

/** What the kubelet keeps: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest; memory by pods. */
function shape(cores, gib, pods, architecture) {
  const reserved = 60 + 10 + (cores > 2 ? 10 : 0) + Math.max(0, cores - 4) * 2.5;
  const capacity = Math.floor(gib * 1024 * 0.965);
  return {
    architecture,
    cores,
    capacityMemory: capacity,
    cpu: cores * 1000 - reserved,
    memory: capacity - (255 + 11 * pods) - 100,
    pods,
  };
}
