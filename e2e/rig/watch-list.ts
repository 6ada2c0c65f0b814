import { type Agent, request } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.js';
import type { KubernetesList, KubernetesObject } from './kubernetes-object.js';

export interface WatchEvent<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}

export interface Watch {
  stop(): void;
}

export interface WatchOptions<T extends KubernetesObject> {
  readonly client: ApiClient;
  readonly path: string;
  readonly onEvent: (event: WatchEvent<T>) => void;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
}

/**
 * Lists, then watches from there. When the connection ends or the server forgot that version, it lists again and tells what is
 * new, changed or gone since, so that whoever listens sees one unbroken story. The first list must succeed.
 */
export async function watchList<T extends KubernetesObject>(options: WatchOptions<T>): Promise<Watch> {
  const { client, path, onEvent } = options;
  const known = new Map<string, T>();
  let stopped = false;
  let endStream = () => {};

  const tell = (event: WatchEvent<T>) => {
    if (stopped) return;
    const uid = event.object.metadata?.uid ?? '';
    if (event.type === 'DELETED') known.delete(uid);
    else known.set(uid, event.object);
    onEvent(event);
  };
  const list = async () => {
    const page = await client.get<KubernetesList<T>>(path);
    for (const event of changesSince(known, page.items)) tell(event);
    return page.metadata.resourceVersion;
  };

  const first = await list();
  const follow = async () => {
    let version = first;
    while (!stopped) {
      await new Promise<void>((resolve) => {
        endStream = streamEvents(options, version, tell, resolve);
      });
      while (!stopped) {
        try {
          version = await list();
          break;
        } catch {
          // The server may be gone for good: whoever waits for an event notices that better than this loop can.
          await sleep(200, undefined, { ref: false });
        }
      }
    }
  };
  void follow();
  return {
    stop() {
      stopped = true;
      endStream();
    },
  };
}

function changesSince<T extends KubernetesObject>(known: ReadonlyMap<string, T>, items: readonly T[]): WatchEvent<T>[] {
  const events: WatchEvent<T>[] = [];
  const there = new Set<string>();
  for (const object of items) {
    const uid = object.metadata?.uid ?? '';
    there.add(uid);
    const before = known.get(uid);
    if (before === undefined) events.push({ type: 'ADDED', object });
    else if (before.metadata?.resourceVersion !== object.metadata?.resourceVersion)
      events.push({ type: 'MODIFIED', object });
  }
  for (const [uid, object] of known) if (!there.has(uid)) events.push({ type: 'DELETED', object });
  return events;
}

/** Streams the events since a version, one a line. Calls `onEnd` once when the stream has ended; returns how to end it. */
function streamEvents<T extends KubernetesObject>(
  { client, path, headers, agent }: WatchOptions<T>,
  version: string,
  onEvent: (event: WatchEvent<T>) => void,
  onEnd: () => void,
): () => void {
  const url = `${client.url}${path}${path.includes('?') ? '&' : '?'}watch=true&resourceVersion=${version}`;
  const sent = request(url, { headers, agent }, (response) => {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    response.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line) as WatchEvent<T> | { readonly type: 'ERROR' };
        // Mostly `410 Gone`: the version is too old to continue from.
        if (event.type === 'ERROR') return void sent.destroy();
        onEvent(event);
      }
    });
    response.on('error', () => {});
  });
  sent.on('error', () => {});
  sent.on('close', onEnd);
  sent.end();
  return () => sent.destroy();
}
