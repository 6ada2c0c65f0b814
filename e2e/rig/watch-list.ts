import { type Agent, request } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from './api-client.js';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject;
}

export interface Watch {
  stop(): void;
}

interface Connection {
  list(): Promise<KubernetesObject>;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
}

/** Lists, then watches from there; after `410 Gone` or a lost connection it lists again and says what is new or gone. */
export async function watchList(
  path: string,
  onEvent: (event: WatchEvent) => void,
  { list, url, headers, agent }: Connection,
): Promise<Watch> {
  let stopped = false;
  let current: ReturnType<typeof request> | undefined;
  const known = new Map<string, KubernetesObject>();
  const tell = (event: WatchEvent) => {
    const key = event.object.metadata?.uid ?? '';
    if (event.type === 'DELETED') known.delete(key);
    else known.set(key, event.object);
    onEvent(event);
  };

  const relist = async (): Promise<string> => {
    const page = await list();
    const there = new Set<string>();
    for (const object of page.items as KubernetesObject[]) {
      const key = object.metadata?.uid ?? '';
      there.add(key);
      const before = known.get(key);
      if (before === undefined) tell({ type: 'ADDED', object });
      else if (before.metadata?.resourceVersion !== object.metadata?.resourceVersion)
        tell({ type: 'MODIFIED', object });
    }
    for (const [key, object] of [...known]) if (!there.has(key)) tell({ type: 'DELETED', object });
    return String(page.metadata?.resourceVersion);
  };

  const follow = (version: string) =>
    new Promise<void>((resolve) => {
      const from = `${url}${path}${path.includes('?') ? '&' : '?'}watch=true&resourceVersion=${version}`;
      current = request(from, { headers, agent }, (response) => {
        const decoder = new StringDecoder('utf8');
        let rest = '';
        response.on('data', (chunk: Buffer) => {
          rest += decoder.write(chunk);
          const lines = rest.split('\n');
          rest = lines.pop() as string;
          for (const line of lines) {
            if (line === '' || stopped) continue;
            const event = JSON.parse(line) as WatchEvent;
            // The version is too old, or the server gives up: list again.
            if (event.type === 'ERROR') return void current?.destroy();
            if (event.type !== 'BOOKMARK') tell(event);
          }
        });
        response.on('close', resolve);
        response.on('error', () => resolve());
      });
      current.on('error', () => resolve());
      current.end();
    });

  let version: string | undefined = await relist();
  void (async () => {
    while (!stopped) {
      try {
        await follow(version ?? (await relist()));
      } catch {
        // The server may be gone for good; whoever waits for an event notices.
        await sleep(200, undefined, { ref: false });
      }
      version = undefined;
    }
  })();
  return {
    stop() {
      stopped = true;
      current?.destroy();
    },
  };
}
