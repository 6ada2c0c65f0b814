import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { passed } from './answer.js';

/** A scheduler extender that sees which nodes passed all filters and takes none, so that nothing is ever bound. */
export interface Extender {
  readonly url: string;
  /** The nodes that it was first asked about for a pod, by uid; undefined when it never was. Forgets them. */
  take(uid: string): readonly string[] | undefined;
  stop(): Promise<void>;
}

interface Args {
  readonly Pod: { readonly metadata: { readonly uid: string } };
  readonly NodeNames: readonly string[] | null;
}

export async function startExtender(): Promise<Extender> {
  const seen = new Map<string, readonly string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const args = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Args;
      const names = args.NodeNames ?? [];
      const { uid } = args.Pod.metadata;
      // A pod that stays is tried again later, perhaps in another cluster.
      if (!seen.has(uid)) seen.set(uid, [...names].sort());
      const FailedNodes = Object.fromEntries(names.map((name) => [name, passed]));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ NodeNames: [], FailedNodes }));
    });
  });
  // The scheduler keeps its connection while clusters are made; one that was closed meanwhile would be an error to it.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take(uid) {
      const names = seen.get(uid);
      seen.delete(uid);
      return names;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** How kube-scheduler is set up to ask it. */
export function schedulerConfig(extender: Extender, preemption: boolean): Record<string, unknown> {
  return {
    percentageOfNodesToScore: 100,
    parallelism: 1,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 1,
    profiles: [
      {
        schedulerName: 'default-scheduler',
        ...(preemption ? {} : { plugins: { postFilter: { disabled: [{ name: 'DefaultPreemption' }] } } }),
      },
    ],
    extenders: [{ urlPrefix: extender.url, filterVerb: 'filter', nodeCacheCapable: true, httpTimeout: '60s' }],
  };
}
