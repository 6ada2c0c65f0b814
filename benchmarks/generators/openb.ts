import type { PodGroup } from './packing-fixture.js';
import { sharedText } from './shared-data.js';

const mebibyte = 2 ** 20;

/**
 * Pods of Alibaba's GPU cluster that had not ended, by cpu and memory alone: their GPUs have no like among the types of these
 * fixtures. Each size of request is one Deployment.
 */
export function openbPods(
  list: 'default' | 'cpu050' | 'multigpu20',
  log: (line: string) => void,
): PodGroup[] | undefined {
  const text = sharedText('openb-gpu-v2023', `openb_pod_list_${list}.csv.gz`, log);
  if (text === undefined) return undefined;
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const columns = header.split(',');
  const at = (name: string) => columns.indexOf(name);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const fields = line.split(',');
    const phase = fields[at('pod_phase')];
    if (phase === 'Failed' || phase === 'Succeeded') continue;
    const size = `${fields[at('cpu_milli')]}m-${fields[at('memory_mib')]}mi`;
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].map(([size, count]) => {
    const [cpu = '0', memory = '0'] = size.split('-').map((part) => Number.parseInt(part, 10).toString());
    const needs = { cpuMillicores: Number(cpu), memoryBytes: Number(memory) * mebibyte };
    return { name: `openb-${size}`, count, template: { labels: { app: `openb-${size}` }, needs } };
  });
}
