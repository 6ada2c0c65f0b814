import type { PodGroup } from './packing-fixture.js';
import { sharedText } from './shared-data.js';

/**
 * Processes of an instance of the ROADEF/EURO challenge 2012 as pods: the first two resources become cpu and memory, scaled so
 * that the average machine is one of 16 cores and 64 GiB. With constraints, two processes of a service never share a node, as
 * the challenge has it; its locations and neighbourhoods are left out.
 */
export function roadefPods(
  instance: string,
  constrained: boolean,
  log: (line: string) => void,
): PodGroup[] | undefined {
  const text = sharedText('roadef2012', `model_${instance}.txt.gz`, log);
  if (text === undefined) return undefined;
  const { capacities, processes } = parseModel(text);
  const scale = [16_000, 64 * 2 ** 30].map(
    (whole, resource) =>
      (whole * capacities.length) / capacities.reduce((sum, own) => sum + (own[resource] as number), 0),
  ) as [number, number];
  const groups = new Map<string, PodGroup>();
  for (const { service, needs } of processes) {
    const cpuMillicores = Math.ceil((needs[0] as number) * scale[0]);
    const memoryBytes = Math.ceil((needs[1] as number) * scale[1]);
    const name = `service-${service}-${cpuMillicores}m-${memoryBytes}`;
    const labels = { app: `service-${service}` };
    const known = groups.get(name);
    groups.set(name, {
      name,
      count: (known?.count ?? 0) + 1,
      template: {
        labels,
        needs: { cpuMillicores, memoryBytes },
        ...(constrained && {
          podAntiAffinity: {
            required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } }],
          },
        }),
      },
    });
  }
  return [...groups.values()];
}

interface Model {
  readonly capacities: readonly (readonly number[])[];
  readonly processes: readonly { readonly service: number; readonly needs: readonly number[] }[];
}

/** The challenge's format: whitespace-separated integers, each list after its length. */
function parseModel(text: string): Model {
  const numbers = text.trim().split(/\s+/).map(Number);
  let at = 0;
  const next = () => {
    const value = numbers[at++];
    if (value === undefined || Number.isNaN(value))
      throw new RangeError('The model ends too early or is not of numbers.');
    return value;
  };
  const many = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read);
  const resources = next();
  many(resources, () => [next(), next()]);
  const machines = next();
  const capacities = many(machines, () => {
    many(2, next);
    const own = many(resources, next);
    many(resources + machines, next);
    return own;
  });
  many(next(), () => {
    next();
    many(next(), next);
  });
  const processes = many(next(), () => {
    const service = next();
    const needs = many(resources, next);
    next();
    return { service, needs };
  });
  return { capacities, processes };
}
