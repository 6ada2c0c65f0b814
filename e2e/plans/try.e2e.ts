import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { planDifferential } from './plan-differential.js';

it('tries', async () => {
  const out = process.env.OUT ?? '/tmp/plans-try';
  mkdirSync(out, { recursive: true });
  const run = await planDifferential({
    clusters: Number(process.env.N ?? 6),
    seed: Number(process.env.S ?? 1),
    log: (l) => console.log(l),
    planes: Number(process.env.PLANES ?? 2),
    keep: (r, e) => {
      appendFileSync(`${out}/results.ndjson`, `${JSON.stringify(r)}\n`);
      const bad =
        (r.verdict !== 'refused' && r.troubles.length > 0) || r.refusals.some((x) => x.outcome === 'not-shown');
      if (!bad) return;
      writeFileSync(
        `${out}/${r.cluster}-${r.position}.json`,
        JSON.stringify({
          ...r,
          state: e.planCase.state,
          policy: e.planCase.policy,
          seed: e.planCase.seed,
          plan: e.planCase.plan,
          verification: e.verification,
          before: e.before.pods.map((p) => [p.metadata.name, p.spec.nodeName]),
          after: e.after.pods.map((p) => [p.metadata.name, p.spec.nodeName]),
          nodes: e.before.nodes.map((n) => [n.metadata.name, n.metadata.uid]),
          results: e.results.map((x) => [x.action.id, x.outcome, x.why, x.evictions]),
        }),
      );
    },
  });
  writeFileSync(`${out}/run.json`, JSON.stringify(run, undefined, 1));
  console.log(run.seconds);
});
