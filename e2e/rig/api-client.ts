import { Agent, type RequestOptions, request } from 'node:https';
import { type Watch, type WatchEvent, watchList } from './watch-list.js';

/** Any Kubernetes object; tests read and write fields that they know. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: KubernetesObject;
}

/** A lean client of one API server: JSON over connections that are kept, one token. */
export interface ApiClient {
  readonly url: string;
  /** Sends a request; any status is an answer. `type` is the content type of the body, for patches. */
  send(method: string, path: string, body?: unknown, type?: string): Promise<ApiResponse>;
  get(path: string): Promise<KubernetesObject>;
  /** Items of a list, all pages, each with its apiVersion and kind. */
  list(path: string): Promise<KubernetesObject[]>;
  create(path: string, body: unknown): Promise<KubernetesObject>;
  /** A strategic merge patch, or of the type that is given. */
  patch(path: string, body: unknown, type?: PatchType): Promise<KubernetesObject>;
  replace(path: string, body: unknown): Promise<KubernetesObject>;
  /** Deletes; an object that is not there is fine. */
  remove(path: string, options?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Every object there is and every change from then on, in order, across lost connections. */
  watch(path: string, onEvent: (event: WatchEvent) => void): Promise<Watch>;
  close(): void;
}

type PatchType = 'strategic-merge-patch' | 'merge-patch' | 'json-patch';

/** An answer that says no, where a yes was needed. */
class ApiError extends Error {
  readonly status: number;
  readonly body: KubernetesObject;

  constructor(method: string, path: string, { status, body }: ApiResponse) {
    super(`${method} ${path}: ${status} ${String(body.message ?? JSON.stringify(body)).slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

interface ApiClientOptions {
  readonly url: string;
  readonly token: string;
  /** The certificate that the server shows, in PEM. */
  readonly ca: string;
  readonly connections?: number;
}

export function createApiClient({ url, token, ca, connections = 8 }: ApiClientOptions): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca });
  const watches = new Agent({ keepAlive: false, ca });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };

  const send: ApiClient['send'] = (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const options: RequestOptions = {
        method,
        agent,
        headers: { ...headers, ...(text && { 'content-type': type, 'content-length': text.length }) },
      };
      const sent = request(`${url}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, body: parsed(Buffer.concat(chunks).toString('utf8')) });
        });
      });
      sent.setTimeout(60_000, () => sent.destroy(new Error(`${method} ${path}: no answer within 60 s`)));
      sent.on('error', reject);
      sent.end(text);
    });

  const need = async (method: string, path: string, body?: unknown, type?: string) => {
    const response = await send(method, path, body, type);
    if (response.status >= 400) throw new ApiError(method, path, response);
    return response.body;
  };

  return {
    url,
    send,
    get: (path) => need('GET', path),
    list: (path) => listAll(path, (page) => need('GET', page)),
    create: (path, body) => need('POST', path, body),
    patch: (path, body, type = 'strategic-merge-patch') => need('PATCH', path, body, `application/${type}+json`),
    replace: (path, body) => need('PUT', path, body),
    async remove(path, options) {
      const response = await send('DELETE', path, options);
      if (response.status >= 400 && response.status !== 404) throw new ApiError('DELETE', path, response);
    },
    watch: (path, onEvent) => watchList(path, onEvent, { list: () => need('GET', path), url, headers, agent: watches }),
    close() {
      agent.destroy();
      watches.destroy();
    },
  };
}

async function listAll(path: string, get: (path: string) => Promise<KubernetesObject>): Promise<KubernetesObject[]> {
  const items: KubernetesObject[] = [];
  let next: unknown = '';
  do {
    const from = next === '' ? '' : `&continue=${encodeURIComponent(String(next))}`;
    const page = await get(`${path}${path.includes('?') ? '&' : '?'}limit=500${from}`);
    const kind = String(page.kind).replace(/List$/, '');
    for (const item of page.items as KubernetesObject[])
      items.push({ apiVersion: String(page.apiVersion), kind, ...item });
    next = page.metadata?.continue;
  } while (typeof next === 'string' && next !== '');
  return items;
}

function parsed(text: string): KubernetesObject {
  try {
    return JSON.parse(text) as KubernetesObject;
  } catch {
    return { message: text };
  }
}
