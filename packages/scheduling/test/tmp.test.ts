import { it } from 'vitest';
import { createPlacement, fits, simulatePlain } from '../src/index.js';
import { node, state, template } from './support/build.js';

it('speed', () => {
  const nodes = Array.from({ length: 1500 }, (_, i) => node(`n${i}`, { zone: `z${i % 3}`, cpu: 16, memory: 64 }));
  const templates = Array.from({ length: 300 }, (_, i) =>
    template({
      labels: { app: `a${i}` },
      cpu: 100 + i,
      ...(i % 3 === 0
        ? {
            topologySpread: [
              {
                maxSkew: 1,
                topologyKey: i % 2 ? 'kubernetes.io/hostname' : 'topology.kubernetes.io/zone',
                whenUnsatisfiable: 'DoNotSchedule' as const,
                labelSelector: { matchLabels: { app: `a${i}` } },
              },
            ],
          }
        : {}),
      ...(i % 10 === 1
        ? {
            podAntiAffinity: {
              required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: `a${i}` } } }],
            },
          }
        : {}),
    }),
  );
  const s = state({
    nodes,
    podTemplates: templates,
    pods: Array.from({ length: 6000 }, (_, i) => ({ template: i % 300, node: i % 1500 })),
  });
  let t = performance.now();
  const p = createPlacement(s);
  console.log('create', performance.now() - t);
  t = performance.now();
  let n = 0;
  for (let k = 0; k < 30; k++)
    for (let i = 0; i < 1500; i++) if (fits({ template: k * 10 + 2, workload: -1 }, i, p).answer === 'feasible') n++;
  console.log('fits ns', ((performance.now() - t) / 45000) * 1e6, n);
  t = performance.now();
  const m = p.mark();
  const r = simulatePlain(
    p,
    Array.from({ length: 2000 }, (_, i) => ({ template: i % 300, workload: -1 })),
  );
  console.log('sim ms/pod', (performance.now() - t) / 2000, r.unplaced.length);
  t = performance.now();
  p.rollback(m);
  console.log('rollback', performance.now() - t);
});
