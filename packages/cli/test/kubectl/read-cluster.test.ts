import { describe, expect, it } from 'vitest';
import { createKubectl, type KubectlOptions } from '../../src/kubectl/kubectl.js';
import { type ClusterReading, readCluster } from '../../src/kubectl/read-cluster.js';
import { clusterAnswers, type FakeKubectl, fakeKubectl } from '../support/with-fake-kubectl.js';

const pods = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ metadata: { name: `pod-${i}`, namespace: 'shop', uid: `uid-${i}` } }));

function reading(fake: FakeKubectl, options: Partial<KubectlOptions> & { namespaces?: string[] } = {}): ClusterReading {
  const kubectl = createKubectl({
    env: fake.env,
    cwd: process.cwd(),
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    ...options,
  });
  return readCluster(kubectl, { namespaces: options.namespaces ?? [], nowMs: () => 1000, onProgress: () => {} });
}

async function documentsOf({
  documents,
}: ClusterReading): Promise<{ kind?: string; items?: { metadata: { name: string } }[] }[]> {
  const all = [];
  for await (const document of documents) all.push(document as { kind?: string });
  return all;
}

describe('readCluster', () => {
  it('reads a list page by page and says that it was listed', async () => {
    const fake = fakeKubectl({ answers: clusterAnswers({ Pod: pods(1203) }) });
    const read = reading(fake);
    const pages = (await documentsOf(read)).filter(({ kind }) => kind === 'PodList');
    expect(pages.map(({ items }) => items?.length)).toEqual([500, 500, 203]);
    expect(fake.calls().filter((call) => call.includes('/api/v1/pods'))).toEqual([
      'get --raw /api/v1/pods?limit=500',
      'get --raw /api/v1/pods?limit=500&continue=500',
      'get --raw /api/v1/pods?limit=500&continue=1000',
    ]);
    expect(read.coverage.find(({ kind }) => kind === 'Pod')).toEqual({
      kind: 'Pod',
      state: 'listed',
      resourceVersion: '1000',
      observedAtMs: 1000,
    });
  });

  it('passes the chosen context and kubeconfig on', async () => {
    const fake = fakeKubectl({ answers: clusterAnswers() });
    await documentsOf(reading(fake, { context: 'prod', kubeconfig: '/etc/kube' }));
    expect(fake.calls()[1]).toBe('--kubeconfig=/etc/kube --context=prod get --raw /version');
  });

  it('starts a list again when its continue token expired, and mixes nothing of the first attempt in', async () => {
    const fake = fakeKubectl({ answers: clusterAnswers({ Pod: pods(700) }), expires: { '/api/v1/pods': 1 } });
    const names = (await documentsOf(reading(fake)))
      .filter(({ kind }) => kind === 'PodList')
      .flatMap(({ items }) => items?.map(({ metadata }) => metadata.name));
    expect(names).toHaveLength(700);
    expect(new Set(names).size).toBe(700);
  });

  it('gives up on a list that expires again, with what to do', async () => {
    const fake = fakeKubectl({ answers: clusterAnswers({ Pod: pods(700) }), expires: { '/api/v1/pods': 2 } });
    await expect(documentsOf(reading(fake))).rejects.toThrow(/\/api\/v1\/pods expired twice/);
  });

  it('knows that there are none of a kind that the server does not serve', async () => {
    const answers = clusterAnswers();
    answers['/apis'] = { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] };
    const fake = fakeKubectl({ answers });
    const read = reading(fake);
    await documentsOf(read);
    expect(read.coverage.find(({ kind }) => kind === 'NodePool')?.state).toBe('listed');
    expect(fake.calls().some((call) => call.includes('karpenter.sh'))).toBe(false);
  });

  it('takes a 404 of a kind for none, where discovery is forbidden', async () => {
    const answers = clusterAnswers();
    delete answers['/apis/karpenter.sh/v1/nodepools'];
    const read = reading(fakeKubectl({ answers, forbidden: ['/apis'] }));
    await documentsOf(read);
    expect(read.coverage.find(({ kind }) => kind === 'NodePool')?.state).toBe('listed');
  });

  it('does not take a version that it cannot read for none', async () => {
    const answers = clusterAnswers();
    answers['/apis'] = { kind: 'APIGroupList', groups: [{ name: 'karpenter.sh', versions: [{ version: 'v9' }] }] };
    const read = reading(fakeKubectl({ answers }));
    await documentsOf(read);
    expect(read.coverage.find(({ kind }) => kind === 'NodePool')?.state).toBe('absent');
    expect(read.notes.join()).toContain('karpenter.sh only as v9');
  });

  it('turns a 403 into coverage, not into an error', async () => {
    const fake = fakeKubectl({ answers: clusterAnswers(), forbidden: ['/apis/policy/v1/poddisruptionbudgets'] });
    const read = reading(fake);
    await documentsOf(read);
    expect(read.coverage.filter(({ kind }) => kind === 'PodDisruptionBudget')).toEqual([
      { kind: 'PodDisruptionBudget', state: 'forbidden', observedAtMs: 1000 },
    ]);
  });

  it('lists the named namespaces where the whole cluster may not be listed', async () => {
    const answers = clusterAnswers();
    answers['/api/v1/namespaces/shop/pods'] = { apiVersion: 'v1', kind: 'PodList', items: pods(2) };
    const fake = fakeKubectl({ answers, forbidden: ['/api/v1/pods', '/api/v1/namespaces/other/pods'] });
    const read = reading(fake, { namespaces: ['shop', 'other'] });
    await documentsOf(read);
    expect(
      read.coverage.filter(({ kind }) => kind === 'Pod').map(({ namespace, state }) => [namespace, state]),
    ).toEqual([
      [undefined, 'forbidden'],
      ['shop', 'listed'],
      ['other', 'forbidden'],
    ]);
  });

  it('reads the scale of owners that are no kind of Kubernetes itself', async () => {
    const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'cart', uid: 'r1', controller: true };
    const answers = clusterAnswers({
      ReplicaSet: [{ metadata: { name: 'cart-1', namespace: 'shop', uid: 's1', ownerReferences: [rollout] } }],
    });
    answers['/apis/argoproj.io/v1alpha1'] = {
      resources: [
        { name: 'rollouts', kind: 'Rollout' },
        { name: 'rollouts/scale', kind: 'Scale' },
      ],
    };
    const scale = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'cart', namespace: 'shop', uid: 'r1' },
      spec: { replicas: 4 },
    };
    answers['/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart/scale'] = scale;
    const documents = await documentsOf(reading(fakeKubectl({ answers })));
    expect(documents).toContainEqual(scale);
  });

  it('says in a sentence that kubectl is missing', async () => {
    const read = reading({ env: { PATH: '/nonexistent' }, calls: () => [] });
    await expect(documentsOf(read)).rejects.toThrow(/kubectl is not on the PATH\. Install it .*--snapshot FILE/);
  });

  it.each([
    ['19', /kubectl v1\.19\.0 is too old: cloudoptim needs 1\.24 or newer/],
    [null, /did not tell its version .* probably too old/],
  ])('says in a sentence that kubectl %s is too old', async (version, sentence) => {
    await expect(documentsOf(reading(fakeKubectl({ answers: {}, version })))).rejects.toThrow(sentence);
  });

  it('says in a sentence that the cluster does not answer, and leaves no process behind', async () => {
    const fake = fakeKubectl({ answers: clusterAnswers(), hang: '/version' });
    const begun = Date.now();
    await expect(documentsOf(reading(fake, { timeoutMs: 700 }))).rejects.toThrow(
      /kubectl did not answer within 0\.7 s while reading \/version\. Is the cluster reachable/,
    );
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  it('says what kubectl says when the cluster cannot be reached', async () => {
    await expect(documentsOf(reading(fakeKubectl({ answers: {}, unreachable: true })))).rejects.toThrow(
      /Unable to connect to the server: dial tcp .*--context/,
    );
  });

  it('says that a proxy answered instead of the API server', async () => {
    const answers = clusterAnswers();
    answers['/api/v1/pods'] = '<html>Sign in</html>';
    await expect(documentsOf(reading(fakeKubectl({ answers })))).rejects.toThrow(
      /\/api\/v1\/pods is not JSON\. Does a proxy/,
    );
  });

  it('stops at once when interrupted', async () => {
    const controller = new AbortController();
    const fake = fakeKubectl({ answers: clusterAnswers(), hang: '/version' });
    setTimeout(() => controller.abort(new Error('interrupted')), 300);
    await expect(documentsOf(reading(fake, { signal: controller.signal }))).rejects.toThrow('interrupted');
  });
});
