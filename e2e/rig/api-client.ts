import { Agent, request as httpsRequest } from 'node:https';
import type { KubernetesList, KubernetesObject, Status } from './kubernetes-object.js';
import { type Watch, type WatchEvent, watchList } from './watch-list.js';

/** A lean client of one API server: JSON over connections that are kept, one token. Paths begin with `/api`. */
export interface ApiClient {
  readonly url: string;
  /** Sends a request; any status is an answer. Rejects when there is no answer within a minute. */
  request<T = Status>(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiResponse<T>>;
  // The rest throw an ApiError for a status of 400 or more.
  get<T = KubernetesObject>(path: string): Promise<T>;
  /** Items of a list, page by page, each with the apiVersion and kind that lists leave out. */
  list<T extends KubernetesObject = KubernetesObject>(path: string): Promise<T[]>;
  create<T extends KubernetesObject = KubernetesObject>(path: string, object: unknown): Promise<T>;
  replace<T extends KubernetesObject = KubernetesObject>(path: string, object: unknown): Promise<T>;
  patch<T extends KubernetesObject = KubernetesObject>(path: string, patch: unknown, type?: PatchType): Promise<T>;
  /** Deletes; an object that is not there is fine. `options` are DeleteOptions. */
  remove(path: string, options?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Every object there is and then every change, in order, also across lost connections; resolves after the first list. */
  watch<T extends KubernetesObject = KubernetesObject>(
    path: string,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<Watch>;
  /** Gives the connections back; watches end. */
  close(): void;
}

export interface ApiResponse<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: T;
}

export type PatchType = 'strategic-merge-patch' | 'merge-patch' | 'json-patch';

/** An answer that says no where a yes was needed. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Status;

  constructor(method: string, path: string, { status, body }: ApiResponse<Status>) {
    super(`${method} ${path}: ${status} ${(body.message ?? JSON.stringify(body)).slice(0, 500)}`);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }
}

export interface ApiClientOptions {
  readonly url: string;
  readonly token: string;
  /** The certificate that the server shows, in PEM. */
  readonly ca: string;
  /** Requests in flight; more wait. Default 8. */
  readonly connections?: number;
}

const answerWithinMs = 60_000;

export function createApiClient({ url, token, ca, connections = 8 }: ApiClientOptions): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca });
  // A watch keeps its connection for itself; it must not take one away from requests.
  const watchAgent = new Agent({ ca });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };

  const request = <T>(method: string, path: string, body?: unknown, contentType = 'application/json') =>
    new Promise<ApiResponse<T>>((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      // Always a length: the API server refuses a DELETE whose body comes in chunks.
      const ofBody = bytes && { 'content-type': contentType, 'content-length': bytes.length };
      const sent = httpsRequest(`${url}${path}`, { method, agent, headers: { ...headers, ...ofBody } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, body: parseAnswer(Buffer.concat(chunks).toString()) as T });
        });
      });
      sent.setTimeout(answerWithinMs, () => sent.destroy(new Error(`${method} ${path}: no answer within a minute`)));
      sent.on('error', reject);
      sent.end(bytes);
    });

  const need = async <T>(method: string, path: string, body?: unknown, contentType?: string): Promise<T> => {
    const response = await request<T & Status>(method, path, body, contentType);
    if (response.status >= 400) throw new ApiError(method, path, response);
    return response.body;
  };

  const client: ApiClient = {
    url,
    request,
    get: (path) => need('GET', path),
    list: <T extends KubernetesObject>(path: string) => listPages<T>(client, path),
    create: (path, object) => need('POST', path, object),
    replace: (path, object) => need('PUT', path, object),
    patch: (path, patch, type = 'strategic-merge-patch') => need('PATCH', path, patch, `application/${type}+json`),
    async remove(path, options) {
      const response = await request<Status>('DELETE', path, options);
      if (response.status >= 400 && response.status !== 404) throw new ApiError('DELETE', path, response);
    },
    watch: (path, onEvent) => watchList({ client, path, onEvent, headers, agent: watchAgent }),
    close() {
      agent.destroy();
      watchAgent.destroy();
    },
  };
  return client;
}

async function listPages<T extends KubernetesObject>(client: ApiClient, path: string): Promise<T[]> {
  const items: T[] = [];
  let next = '';
  do {
    const page = await client.get<KubernetesList<T>>(
      `${path}${path.includes('?') ? '&' : '?'}limit=500&continue=${encodeURIComponent(next)}`,
    );
    const kind = page.kind.replace(/List$/, '');
    for (const item of page.items) items.push({ ...item, apiVersion: page.apiVersion, kind });
    next = page.metadata.continue ?? '';
  } while (next !== '');
  return items;
}

/** Some refusals come as plain text. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}
