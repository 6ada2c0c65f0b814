import { describe, expect, it } from 'vitest';
import type { AnalysisDocument } from '../../src/document/analysis-document.js';
import { commandsIn } from '../support/commands-in.js';
import { sampleCluster } from '../support/sample-cluster.js';
import { type SmallCluster, smallCluster } from '../support/small-cluster.js';
import { clusterAnswers, fakeKubectl } from '../support/with-fake-kubectl.js';

const { cloudoptim, file } = commandsIn('analyze');

describe('analyze', () => {
  it('prints the bill, the plan, the reasons and the interval for a person', async () => {
    const { code, out, err } = await cloudoptim(['analyze', '--snapshot', sampleCluster()]);
    expect(code).toBe(0);
    expect(out).toMatch(/Today +\$11\.4054\/h {2}\$8,326\/month {2}for 40 of 44 nodes; the others have no known price/);
    expect(out).toMatch(/Saves +\$\d\.\d{4}\/h {2}\$[\d,]+\/month {2}\d+\.\d % /);
    expect(out).toMatch(/Prices +AWS list prices on demand of 2026-07-20, us-east-1/);
    expect(out).toMatch(/Verdict +verified:/);
    expect(out).toMatch(/Where pods are expected to go/);
    expect(out).toMatch(/checkout-prod\/checkout-web +\d+ +\d × /);
    expect(out).toMatch(/bare-pod \(1\): Pod checkout-dev\/debug-shell has no controller/);
    expect(out).toMatch(/2 nodes: spot prices are not in the catalogue\. Give their price with --prices FILE\./);
    expect(out).not.toContain('\u001b');
    expect(err.replace(/^cloudoptim: .*\n/gm, '')).toBe('');
  });

  it('says on what a plan rests that saw too little, with the command that would tell, and exits with 3', async () => {
    const { code, out } = await cloudoptim(['analyze', '--snapshot', file('little.json', smallCluster())]);
    expect(code).toBe(3);
    expect(out).toMatch(/Verdict +conditional:/);
    expect(out).toContain('kubectl get poddisruptionbudgets --all-namespaces -o json');
    expect(out).toContain('cloudoptim snapshot --out cluster.json.gz');
  });

  it('knows from --listed what a plain List covered', async () => {
    const listed =
      'pods,ds,pdb,pvc,deployments,statefulsets,hpa,quota,mutatingwebhookconfigurations,validatingwebhookconfigurations,nodepools';
    const { code, out } = await cloudoptim([
      'analyze',
      '--snapshot',
      file('listed.json', smallCluster()),
      '--listed',
      listed,
    ]);
    expect(out).toMatch(/Verdict +verified/);
    expect(code).toBe(0);
  });

  it('reads the standard input', async () => {
    const { code, out } = await cloudoptim(['analyze', '--snapshot', '-', '--output', 'json'], {
      stdin: JSON.stringify(smallCluster()),
    });
    expect(code).toBe(3);
    expect((JSON.parse(out) as AnalysisDocument).snapshot).toMatchObject({
      source: 'the standard input',
      nodes: 2,
      pods: 2,
    });
  });

  it('is a gate for CI: exits with 1 when the plan would save more than --fail-above', async () => {
    const path = file('gate.json', smallCluster());
    expect(await cloudoptim(['analyze', '--snapshot', path, '--fail-above', '50'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('the plan would save $70.08/month, more than --fail-above $50.00'),
    });
    expect((await cloudoptim(['analyze', '--snapshot', path, '--fail-above', '71'])).code).toBe(3);
  });

  it('does nothing under a freeze, and says so', async () => {
    const policy = file('freeze.yaml', 'freeze: true\n');
    const { code, out } = await cloudoptim([
      'analyze',
      '--snapshot',
      file('f.json', smallCluster()),
      '--policy',
      policy,
    ]);
    expect(code).toBe(0);
    expect(out).toContain('Nothing to do');
  });

  it.each([
    ['pins: { jobz: true }', /policy\.yaml: pins: has no field "jobz"; did you mean jobs\?/],
    ['headroom: { cpuShare: 2 }', /policy\.yaml: headroom\.cpuShare/],
    ['pins: [', /policy\.yaml is neither JSON nor YAML/],
    ['__proto__: { freeze: true }', /policy\.yaml/],
    ['- freeze', /policy\.yaml/],
  ])('refuses the policy %s with the field', async (text, sentence) => {
    const { code, err } = await cloudoptim(['analyze', '--policy', file('policy.yaml', text), '--snapshot', 'x']);
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
  });

  it('prices spot nodes by a price file', async () => {
    const prices = file(
      'spot.csv',
      'instanceType,zone,capacityType,usdPerHour\nm5.2xlarge,,spot,0.15\nm6i.2xlarge,,spot,0.16\n',
    );
    const { out } = await cloudoptim([
      'analyze',
      '--snapshot',
      sampleCluster(),
      '--prices',
      prices,
      '--policy',
      file('frozen.yaml', 'freeze: true'),
    ]);
    expect(out).toMatch(/Today +\$11\.7154\/h/);
    expect(out).toMatch(/for 42 of 44 nodes/);
    expect(out).toContain('2 prices of your own');
  });

  it('never prices Windows or Fargate nodes by the Linux list price', async () => {
    const cluster = smallCluster({
      labels: [{ 'kubernetes.io/os': 'windows' }, { 'eks.amazonaws.com/compute-type': 'fargate' }],
    });
    const { out } = await cloudoptim(['analyze', '--snapshot', file('windows.json', cluster)]);
    expect(out).toMatch(/Today +\$0\.0000\/h .*for 0 of 2 nodes/);
    expect(out).toContain('1 node: Windows nodes have prices of their own.');
    expect(out).toContain('1 node: Fargate bills the vCPU and memory of pods, not nodes.');
  });

  it.each([
    ['empty.json', '', /empty/],
    ['broken.json', '{"kind": "List", "items": [', /broken\.json/],
    ['other.json', '{"hello": 1}', /holds no Kubernetes objects, only 1 document without a kind/],
    [
      'pods.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [] } }),
      /holds no nodes/,
    ],
    [
      'bad-node.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'n' },
        status: { allocatable: { cpu: 'lots' } },
      }),
      /Node n: status\.allocatable/,
    ],
  ])('exits with 2 and one sentence for the dump %s', async (name, content, sentence) => {
    const { code, out, err } = await cloudoptim(['analyze', '--snapshot', file(name, content)]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('says that an engine broke, without a stack trace, and exits with 4', async () => {
    const engine = file(
      'broken-engine.mjs',
      `export default { id: 'broken', version: '1', contractVersion: 'v1', considers: ['nodes'], requires: [], optionsJsonSchema() {}, async analyze() { throw new TypeError('boom\\u001b[2J') } }`,
    );
    const { code, err } = await cloudoptim([
      'analyze',
      '--snapshot',
      file('e.json', smallCluster()),
      '--engine',
      engine,
    ]);
    expect(code).toBe(4);
    expect(err).toContain(`running the code of ${engine}`);
    expect(err).toContain('boom\\x1b[2J. Please report it');
    expect(err).not.toContain('\u001b');
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('does not trust the plan of another engine', async () => {
    const engine = file(
      'liar.mjs',
      `export default { id: 'liar', version: '1', contractVersion: 'v1', considers: ['nodes'], requires: [], optionsJsonSchema() {}, async analyze() { return { contractVersion: 'v1', plan: { schema: 'plan/v1' }, spentUnits: 0 } } }`,
    );
    const { code, err } = await cloudoptim([
      'analyze',
      '--snapshot',
      file('l.json', smallCluster()),
      '--engine',
      engine,
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(/The plan of engine liar: .*contractVersion/);
  });

  it('reads the live cluster through kubectl, and says what it was not allowed to see', async () => {
    const { items } = smallCluster();
    const of = (kind: string) => items.filter((item) => item.kind === kind);
    const kinds = ['Node', 'Pod', 'Namespace', 'Deployment', 'ReplicaSet', 'NodePool', 'NodeClaim'];
    const fake = fakeKubectl({
      answers: clusterAnswers(Object.fromEntries(kinds.map((kind) => [kind, of(kind)]))),
      forbidden: ['/apis/policy/v1/poddisruptionbudgets'],
    });
    const { code, out } = await cloudoptim(['analyze'], { env: fake.env });
    expect(out).toMatch(/Seen +2026-10-05 10:00 UTC, from the current context of kubectl/);
    expect(out).toContain('forbidden-kind: PodDisruptionBudget must not be read');
    expect(code).toBe(3);
  });
});

describe('hostile names', () => {
  const hostile = '\u001b[31mred\u001b[0m\u202e|`<b>__proto__';
  const cluster: SmallCluster = smallCluster({
    nodeNames: [hostile, 'constructor'],
    namespace: '__proto__',
    app: 'toString',
  });

  it.each(['table', 'markdown'])('are data in %s', async (output) => {
    const { out } = await cloudoptim(['analyze', '--snapshot', file('hostile.json', cluster), '--output', output], {
      isTTY: false,
    });
    expect(out).toMatch(/\\x1b\\?\[31mred|\\\\x1b\\\[31mred/);
    expect(out.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
    if (output === 'markdown') expect(out).not.toContain('<b>');
  });

  it('survive the way through a plan file', async () => {
    const path = file('hostile.json', cluster);
    const { out } = await cloudoptim(['analyze', '--snapshot', path, '--output', 'json']);
    const plan = file('hostile-plan.json', out);
    expect((JSON.parse(out) as AnalysisDocument).legend.nodes.map(({ name }) => name)).toContain(hostile);
    expect((await cloudoptim(['verify', '--plan', plan, '--snapshot', path])).code).toBe(3);
    expect((await cloudoptim(['explain', '--plan', plan, '--node', 'constructor'])).code).toBe(0);
    expect((await cloudoptim(['explain', '--plan', plan, '--workload', '__proto__/toString'])).code).toBe(0);
  });
});
