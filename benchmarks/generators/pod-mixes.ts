import type { PodTemplate } from '@cloudoptim/core';
import type { PodGroup } from './packing-fixture.js';
import { zones } from './packing-fixture.js';
import { createRandom, type Random } from './random.js';

const mebibyte = 2 ** 20;
const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

/** Sizes of Karpenter's scheduling benchmark (scheduling_benchmark_test.go, makeDiversePods). */
const cpus = [100, 250, 500, 1000, 1500];
const memories = [100, 256, 512, 1024, 2048, 4096];
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/**
 * The mix of Karpenter's own benchmark: a fifth each without constraints, spread over zones, spread over nodes, drawn to their
 * like by zone, and kept apart by node. There one label makes a fifth of all pods repel each other, so that 150,000 pods would
 * need 30,000 nodes; here each block of 2,000 pods has label values of its own, as so many teams would have.
 */
export function karpenterMix({ pods, seed }: { readonly pods: number; readonly seed: number }): PodGroup[] {
  const random = createRandom(seed);
  const groups = new Map<string, PodGroup>();
  for (let pod = 0; pod < pods; pod++) {
    const block = Math.floor(pod / 2000);
    const kind = Math.floor(((pod % 2000) / 2000) * 5);
    const [cpu, memory, letter] = [random.pick(cpus), random.pick(memories), random.pick(letters)];
    const name = `block-${block}-kind-${kind}-${cpu}m-${memory}mi-${kind === 0 || kind === 4 ? 'any' : letter}`;
    const group = groups.get(name);
    groups.set(name, {
      name,
      count: (group?.count ?? 0) + 1,
      template: group?.template ?? mixTemplate(kind, `${block}-${letter}`, block, cpu, memory),
    });
  }
  return [...groups.values()];
}

function mixTemplate(kind: number, label: string, block: number, cpu: number, memory: number): PodGroup['template'] {
  const needs = { cpuMillicores: cpu, memoryBytes: memory * mebibyte };
  const spread = (topologyKey: string) => ({
    labels: { 'my-label': label },
    needs,
    topologySpread: [
      {
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'DoNotSchedule' as const,
        labelSelector: { matchLabels: { 'my-label': label } },
      },
    ],
  });
  if (kind === 0) return { labels: { 'my-label': label }, needs };
  if (kind === 1) return spread(zone);
  if (kind === 2) return spread(hostname);
  if (kind === 3) {
    const labels = { 'my-affinity': label };
    return {
      labels,
      needs,
      podAffinity: { required: [{ topologyKey: zone, labelSelector: { matchLabels: labels } }] },
    };
  }
  const labels = { app: `nginx-${block}` };
  return {
    labels,
    needs,
    podAntiAffinity: { required: [{ topologyKey: hostname, labelSelector: { matchLabels: labels } }] },
  };
}

export interface LognormalMix {
  readonly pods: number;
  readonly workloads: number;
  readonly seed: number;
  /** A tenth each pinned to a zone and to an architecture, kept apart by node, and a fifth spread over zones. */
  readonly constrained: boolean;
}

/** Workloads as clusters have them: replicas, cores and memory per core are lognormal, requests rounded as people do. */
export function lognormalMix({ pods, workloads, seed, constrained }: LognormalMix): PodGroup[] {
  const random = createRandom(seed);
  const weights = Array.from({ length: workloads }, () => Math.exp(1.2 * random.normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let placed = 0;
  let upTo = 0;
  return weights.map((weight, index) => {
    upTo += weight;
    const count = Math.max(1, Math.round((upTo / total) * pods) - placed);
    placed += count;
    const cpuMillicores = rounded(300 * Math.exp(1.0 * random.normal()), 10, 16_000);
    const memory = rounded(cpuMillicores * 3 * Math.exp(0.8 * random.normal()), 16, 120_000);
    const name = `app-${index}`;
    const needs = { cpuMillicores, memoryBytes: memory * mebibyte };
    return {
      name,
      count,
      template: { labels: { app: name }, needs, ...(constrained && constraint(random, name, count)) },
    };
  });
}

function constraint(random: Random, app: string, count: number): Partial<PodTemplate> {
  const labelSelector = { matchLabels: { app } };
  const draw = random.integer(10);
  if (draw === 0) return { nodeSelector: { [zone]: random.pick(zones) } };
  if (draw === 1) return { nodeSelector: { 'kubernetes.io/arch': random.pick(['amd64', 'arm64']) } };
  // A workload of hundreds that must have as many nodes is nobody's wish.
  if (draw === 2 && count <= 50) return { podAntiAffinity: { required: [{ topologyKey: hostname, labelSelector }] } };
  if (draw === 3 || draw === 4)
    return { topologySpread: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: 'DoNotSchedule', labelSelector }] };
  return {};
}

/** To two significant digits, within bounds. */
function rounded(amount: number, least: number, most: number): number {
  const bounded = Math.min(most, Math.max(least, amount));
  const step = 10 ** Math.max(0, Math.floor(Math.log10(bounded)) - 1);
  return Math.round(bounded / step) * step;
}
