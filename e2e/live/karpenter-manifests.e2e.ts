import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasAssets } from '../rig/assets.js';
import { type ControlPlane, startControlPlane } from '../rig/control-plane.js';
import { goModule } from '../rig/go-module.js';
import { run } from '../rig/kubectl.js';

const program = fileURLToPath(new URL('../../packages/cli/bin/cloudoptim.js', import.meta.url));
const module = fileURLToPath(new URL('../peers/karpenter', import.meta.url));

/** Of Karpenter's own version, as the module of its peers program requires it. */
async function definitionsFolder(): Promise<string> {
  return join(await goModule('sigs.k8s.io/karpenter', module), 'pkg', 'apis', 'crds');
}

/** A NodePool as people write them, with fields that a plan does not touch. */
const pool = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'general' },
  spec: {
    weight: 10,
    disruption: {
      consolidationPolicy: 'WhenEmptyOrUnderutilized',
      consolidateAfter: '1m',
      budgets: [{ nodes: '50%' }],
    },
    template: {
      metadata: { labels: { team: 'shop' } },
      spec: {
        nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' },
        expireAfter: '720h',
        requirements: [
          { key: 'karpenter.k8s.aws/instance-category', operator: 'In', values: ['c', 'm', 'r'], minValues: 1 },
          { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand', 'spot'] },
        ],
      },
    },
  },
};

const created = '2026-10-01T00:00:00Z';

/** An m5.2xlarge with two small pods; a price below the list makes an m5.large the thing to have. */
function dump(nodePool: unknown): string {
  const labels = {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'm5.2xlarge',
    'topology.kubernetes.io/zone': 'us-east-1a',
    'karpenter.sh/nodepool': 'general',
    'karpenter.sh/capacity-type': 'on-demand',
    team: 'shop',
  };
  const template = {
    metadata: { labels: { app: 'cart' } },
    spec: {
      containers: [{ name: 'main', image: 'main:1', resources: { requests: { cpu: '200m', memory: '128Mi' } } }],
    },
  };
  const owner = (kind: string, name: string) => [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }];
  const ready = [{ type: 'Ready', status: 'True', lastTransitionTime: created }];
  const meta = (name: string, more: object = {}) => ({ name, uid: name, creationTimestamp: created, ...more });
  const inShop = (more: object) => ({ namespace: 'shop', ...more });
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: meta('shop') },
    nodePool,
    {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodeClaim',
      metadata: meta('general-1', { labels }),
      spec: {},
      status: { nodeName: 'node-a' },
    },
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: meta('node-a', { labels }),
      spec: {},
      status: { allocatable: { cpu: '7910m', memory: '29Gi', pods: '58' }, conditions: ready },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('cart', inShop({ generation: 1 })),
      spec: { replicas: 2, selector: { matchLabels: { app: 'cart' } }, template },
      status: { replicas: 2, readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: meta('cart-1', inShop({ ownerReferences: owner('Deployment', 'cart') })),
      spec: { replicas: 2, selector: { matchLabels: { app: 'cart' } }, template },
    },
    ...[1, 2].map((pod) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: meta(
        `cart-1-${pod}`,
        inShop({ labels: { app: 'cart' }, ownerReferences: owner('ReplicaSet', 'cart-1') }),
      ),
      spec: { ...template.spec, nodeName: 'node-a' },
      status: { phase: 'Running', conditions: ready },
    })),
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

describe.runIf(hasAssets)('manifests of a plan that Karpenter carries out', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.kubectl('apply', '--server-side', '-f', await definitionsFolder());
    await plane.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
    await plane.kubectl('apply', '-f', write('pool.json', JSON.stringify(pool)));
  });
  afterAll(() => plane?.stop());

  function write(name: string, text: string): string {
    const path = join(plane.folder, name);
    writeFileSync(path, text);
    return path;
  }

  async function cloudoptim(...args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await run(process.execPath, [program, ...args], plane.kubeconfig, plane.folder);
    expect(stdout, stderr).not.toBe('');
    return stdout;
  }

  const specNow = async () => JSON.parse(await plane.kubectl('get', 'nodepool', 'general', '-o', 'json')).spec;
  /** Runs the commands that the output names for whoever does it by hand; what they end with, and what they complain of. */
  async function carryOut(name: string, output: string): Promise<{ code: number | null; stderr: string }[]> {
    const path = write(name, output);
    const commands = [...output.matchAll(/^# {3}(kubectl (?:patch|apply) .*)$/gm)].map(([, command]) => command ?? '');
    expect(commands.length).toBeGreaterThan(0);
    const ends: { code: number | null; stderr: string }[] = [];
    for (const command of commands)
      ends.push(await run('sh', ['-c', command.replace('FILE', path)], plane.kubeconfig, plane.folder));
    return ends;
  }

  async function carryOutAll(name: string, output: string): Promise<void> {
    for (const { code, stderr } of await carryOut(name, output)) expect(code, stderr).toBe(0);
  }

  // An apply of such a NodePool on the server's side took away nodeClassRef: kubectl had made the fields of the earlier apply
  // its own. Hence patches.
  it('are taken by the API server, change what they say alone, and are taken back', async () => {
    const before = await specNow();
    const snapshot = write(
      'dump.json',
      dump(JSON.parse(await plane.kubectl('get', 'nodepool', 'general', '-o', 'json'))),
    );
    const prices = write('prices.csv', 'instanceType,capacityType,usdPerHour\nm5.large,on-demand,0.03\n');
    const asked = ['--snapshot', snapshot, '--prices', prices, '--option', 'emit=nodepools', '--output', 'json'];
    const plan = write('plan.json', await cloudoptim('analyze', ...asked));

    await carryOutAll('change.yaml', await cloudoptim('explain', '--plan', plan, '--output', 'karpenter'));
    const narrowed = await specNow();
    const { requirements } = narrowed.template.spec;
    expect(requirements).toEqual([
      before.template.spec.requirements[0],
      { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
      { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m5.large'] },
    ]);
    const { template } = narrowed;
    expect({
      ...narrowed,
      template: { ...template, spec: { ...template.spec, requirements: before.template.spec.requirements } },
    }).toEqual(before);
    const overlay = JSON.parse(await plane.kubectl('get', 'nodeoverlay', 'cloudoptim-price-m5-large', '-o', 'json'));
    expect(overlay.spec).toMatchObject({ price: '0.03', weight: 1 });

    await carryOutAll('undo.yaml', await cloudoptim('explain', '--plan', plan, '--output', 'karpenter-undo'));
    expect(await specNow()).toEqual(before);

    // A merge patch replaced the requirements that somebody had set since the plan was made.
    const theirs = [{ op: 'replace', path: '/spec/template/spec/requirements/0/values', value: ['c', 'm'] }];
    await plane.kubectl('patch', 'nodepool', 'general', '--type', 'json', '--patch', JSON.stringify(theirs));
    const changed = await specNow();
    const late = await carryOut('late.yaml', await cloudoptim('explain', '--plan', plan, '--output', 'karpenter'));
    expect(late.some(({ code }) => code !== 0)).toBe(true);
    expect(await specNow()).toEqual(changed);
  });
});
