import { readFileSync } from 'node:fs';
import { asset } from '../../rig/assets.js';

interface Delay {
  readonly durationMilliseconds: number;
  readonly jitterDurationMilliseconds: number;
}

/** Nothing is Ready at once, and a pod takes a moment to end, as with real kubelets but some fifty times faster. */
const delays: Readonly<Record<string, Delay>> = {
  'node-initialize': { durationMilliseconds: 400, jitterDurationMilliseconds: 1000 },
  'pod-ready': { durationMilliseconds: 300, jitterDurationMilliseconds: 900 },
  'pod-delete': { durationMilliseconds: 100, jitterDurationMilliseconds: 300 },
};

/** kwok's own stages with delays. Jobs never complete: a pod that ends by itself would be taken for one that was lost. */
export function delayedStages(): string {
  const documents = readFileSync(asset('kwok-stages.yaml'), 'utf8').split(/^---$/m);
  const delayed = new Set<string>();
  const stages = documents.flatMap((document) => {
    const name = /^ {2}name: (\S+)$/m.exec(document)?.[1] ?? '';
    if (name === 'pod-complete') return [];
    const delay = delays[name];
    if (delay === undefined) return [document];
    delayed.add(name);
    const lines = Object.entries(delay).map(([key, value]) => `    ${key}: ${value}`);
    return [document.replace(/^ {2}next:$/m, `  delay:\n${lines.join('\n')}\n  next:`)];
  });
  const missing = Object.keys(delays).filter((name) => !delayed.has(name));
  if (missing.length > 0) throw new Error(`kwok has no stage ${missing.join(', ')} any more.`);
  return stages.join('---');
}
