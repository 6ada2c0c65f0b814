import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisDocument } from '../../src/document/analysis-document.js';
import { commandsIn } from '../support/commands-in.js';
import { sampleCluster, sampleNodes } from '../support/sample-cluster.js';
import { smallCluster } from '../support/small-cluster.js';

const { cloudoptim, file } = commandsIn('verify-and-explain');
const nodeNamed = (key: string) => sampleNodes.find((node) => node.key === key)?.name ?? key;

describe('verify and explain', () => {
  const paths = { json: '' };
  beforeAll(async () => {
    const { out } = await cloudoptim(['analyze', '--snapshot', sampleCluster(), '--output', 'json']);
    paths.json = file('plan.json', out);
  }, 120_000);

  it('verify checks what analyze wrote', async () => {
    const { code, out } = await cloudoptim(['verify', '--plan', paths.json, '--snapshot', sampleCluster()]);
    expect(code).toBe(0);
    expect(out).toMatch(/Verdict +verified/);
    expect(out).toMatch(/Checked +[\d,]+ evictions, [\d,]+ replays, [\d,]+ placements/);
  });

  it('verify reads YAML as well', async () => {
    const snapshot = file('for-yaml.json', smallCluster());
    const { out } = await cloudoptim(['analyze', '--snapshot', snapshot, '--output', 'yaml']);
    const plan = file('plan.yaml', out);
    expect((await cloudoptim(['verify', '--plan', plan, '--snapshot', snapshot])).code).toBe(3);
    expect((await cloudoptim(['verify', '--plan', '-', '--snapshot', snapshot], { stdin: out })).code).toBe(3);
  });

  it('verify gives the verdict that the plan file carries, from prices rebuilt', async () => {
    const { out } = await cloudoptim([
      'verify',
      '--plan',
      paths.json,
      '--snapshot',
      sampleCluster(),
      '--output',
      'json',
    ]);
    const document: AnalysisDocument = JSON.parse(readFileSync(paths.json, 'utf8'));
    expect(JSON.parse(out)).toMatchObject({ planId: document.plan.id, verification: document.verification });
  });

  it('verify takes a seed, and as many draws as are asked for', async () => {
    const replays = async (...options: string[]) => {
      const source = ['--plan', paths.json, '--snapshot', sampleCluster(), '--output', 'json'];
      const { out } = await cloudoptim(['verify', ...source, ...options]);
      return JSON.parse(out).verification.checked.replays as number;
    };
    expect(await replays('--seed', '7', '--draws', '300')).toBeGreaterThan(300);
    expect(await replays('--seed', '7')).toBeLessThan(200);
    const { code, err } = await cloudoptim(['verify', '--plan', paths.json, '--draws', 'many']);
    expect(code).toBe(2);
    expect(err).toContain('It must be a whole number.');
  });

  it('verify says when the time of a plan has passed', async () => {
    const late = { nowMs: Date.parse('2026-10-08T09:00:00Z') };
    const { code, out } = await cloudoptim(['verify', '--plan', paths.json, '--snapshot', sampleCluster()], late);
    expect(out).toContain('2026-10-05 10:00 UTC, which passed 3 days ago: make a new plan before acting');
    expect(code).toBe(0);
  });

  it('verify refuses a plan whose savings were edited', async () => {
    const document = JSON.parse(readFileSync(paths.json, 'utf8'));
    document.plan.savingsUsdPerHour = { ...document.plan.savingsUsdPerHour, point: 9, lower: 9, upper: 9 };
    document.plan.projectedUsdPerHour = { ...document.plan.projectedUsdPerHour, point: 2, lower: 2, upper: 2 };
    const { code, out, err } = await cloudoptim([
      'verify',
      '--plan',
      file('edited.json', document),
      '--snapshot',
      sampleCluster(),
    ]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/Verdict +refused/);
  });

  it('verify refuses a plan on a cluster where its nodes are gone', async () => {
    const { code, out } = await cloudoptim([
      'verify',
      '--plan',
      paths.json,
      '--snapshot',
      file('gone.json', smallCluster()),
    ]);
    expect(code).toBe(1);
    expect(out).toMatch(/Verdict +refused/);
  });

  it.each([
    ['{}', /is not a plan of cloudoptim: its schema is missing/],
    ['{"schema":"plan/v1"}', /is a bare plan, without the policy and prices/],
    [
      '{"schema":"cloudoptim-analysis/v9"}',
      /its schema is "cloudoptim-analysis\/v9" and must be "cloudoptim-analysis\/v1"/,
    ],
    ['{"schema":"cloudoptim-analysis/v1"}', /cloudoptim: .*Was it edited by hand\?/],
    ['', /is empty; a plan is what/],
    ['[1, 2', /is neither JSON nor YAML/],
    ['null', /is not a plan of cloudoptim/],
  ])('refuse the plan file %j in a sentence', async (text, sentence) => {
    for (const command of [['verify', '--snapshot', sampleCluster()], ['explain']]) {
      const { code, err } = await cloudoptim([...command, '--plan', file('not-a-plan.json', text)]);
      expect(code).toBe(2);
      expect(err).toMatch(sentence);
    }
  });

  it('explain tells why a node stays', async () => {
    const { code, out } = await cloudoptim(['explain', '--plan', paths.json, '--node', nodeNamed('trap-bare-pod')]);
    expect(code).toBe(0);
    expect(out).toContain('bare-pod: Pod checkout-dev/debug-shell has no controller');
    expect(out).toMatch(/Owner +karpenter general/);
  });

  it('explain tells what is done to a node, step by step, and why', async () => {
    const { out } = await cloudoptim(['explain', '--plan', paths.json, '--node', nodeNamed('oversized-ml')]);
    expect(out).toMatch(/launch r6i\.\w+ on-demand in us-east-1a/);
    expect(out).toMatch(/evict ml-prod\/feature-store-\S+ from ip-[\w-]+\.ec2\.internal/);
    expect(out).toContain('delete NodeClaim ml-');
    expect(out).toContain('cheaper-replacement: ');
  });

  it('explain tells which groups move pods of a workload', async () => {
    const { out } = await cloudoptim(['explain', '--plan', paths.json, '--workload', 'ml-prod/feature-store']);
    expect(out).toContain('Workload ml-prod/feature-store');
    expect(out).toMatch(/evict ml-prod\/feature-store-\S+ from /);
    expect(out).toMatch(/expects: ml-prod\/feature-store to \d × /);
    expect(out).toMatch(/is checked first: .* is there, budget ml-prod\/feature-store allows 1/);
  });

  it('explain tells of a large group what has to do with the workload, and counts the rest', async () => {
    const document: AnalysisDocument = JSON.parse(readFileSync(paths.json, 'utf8'));
    const [large] = document.plan.groups.map(({ actions }) => actions).sort((a, b) => b.length - a.length);
    const evicted = large?.find((action) => action.kind === 'evict-pod');
    if (evicted === undefined) throw new Error('No large group evicts by name.');
    const { namespace, name, template } = evicted;
    const owner = document.legend.templates.find((one) => one.template === template)?.workload.name;
    const workload = `${namespace}/${owner}`;
    const { out } = await cloudoptim(['explain', '--plan', paths.json, '--workload', workload]);
    expect(out).toContain(`evict ${namespace}/${name} from `);
    for (const [, pod] of out.matchAll(/ evict (\S+) from /g)) expect(pod).toContain(`${workload}-`);
    expect(out).toMatch(/and \d+ more actions for other nodes and pods/);
  });

  it('explain says that it knows no such node', async () => {
    const { code, err } = await cloudoptim(['explain', '--plan', paths.json, '--node', 'nowhere']);
    expect(code).toBe(2);
    expect(err).toContain('The plan knows no node "nowhere". It was made of 44 nodes, for example ip-');
  });

  it('explain without a node or workload tells everything', async () => {
    const { out } = await cloudoptim(['explain', '--plan', paths.json]);
    const document: AnalysisDocument = JSON.parse(readFileSync(paths.json, 'utf8'));
    for (const { id } of document.plan.groups) expect(out).toContain(`Group ${id}: saves`);
  });
});
