import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { UserError } from '../user-error.js';
import type { Kubectl } from './kubectl.js';
import { KubectlFailure } from './kubectl-failure.js';

/** One page of a list, as the API gives it: items carry no kind of their own. */
export interface Page {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly unknown[];
}

const pageSize = 500;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A whole list at one resource version: all pages but the last are held compressed. */
export interface HeldList {
  readonly earlier: readonly Buffer[];
  readonly last: Page;
}

/**
 * Reads one list to its end. Its pages are held back until the last one came: when the continue token expires half way (410)
 * the list starts again from the front, and what was read before must not be mixed into it.
 */
export async function readList(kubectl: Kubectl, path: string, onPage: (objects: number) => void): Promise<HeldList> {
  try {
    return await readPages(kubectl, path, onPage);
  } catch (error) {
    if (!isExpired(error)) throw error;
    return await readPages(kubectl, path, onPage).catch((again: unknown) => {
      if (!isExpired(again)) throw again;
      throw new UserError(
        `The list ${path} expired twice while it was read page by page: the API server forgets faster than kubectl reads. Try again, nearer to the cluster.`,
        { cause: again },
      );
    });
  }
}

export async function* pagesOf(list: HeldList): AsyncGenerator<Page> {
  for (const page of list.earlier) yield JSON.parse((await decompress(page)).toString('utf8')) as Page;
  yield list.last;
}

async function readPages(kubectl: Kubectl, path: string, onPage: (objects: number) => void): Promise<HeldList> {
  const earlier: Buffer[] = [];
  let token = '';
  let objects = 0;
  for (;;) {
    const more: string = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
    const body: string = await kubectl.get(`${path}?limit=${pageSize}${more}`);
    const page = parsePage(body, path);
    objects += page.items.length;
    onPage(objects);
    const next = page.metadata.continue ?? '';
    if (next === '') return { earlier, last: page };
    if (next === token) throw new UserError(`The API server repeats one page of ${path} without end; try again.`);
    token = next;
    earlier.push(await compress(body, { level: 1 }));
  }
}

function parsePage(body: string, path: string): Page {
  let page: Partial<Page> | null;
  try {
    page = JSON.parse(body) as Partial<Page> | null;
  } catch (error) {
    throw new UserError(`The answer to ${path} is not JSON. Does a proxy stand between kubectl and the API server?`, {
      cause: error,
    });
  }
  if (typeof page?.kind !== 'string' || !page.kind.endsWith('List')) {
    throw new UserError(
      `The answer to ${path} is not a Kubernetes list but ${String(page?.kind ?? 'something else')}.`,
    );
  }
  return {
    apiVersion: page.apiVersion ?? '',
    kind: page.kind,
    metadata: page.metadata ?? {},
    // Go writes null for an empty list.
    items: page.items ?? [],
  };
}

function isExpired(error: unknown): boolean {
  return error instanceof KubectlFailure && error.failure === 'expired';
}
