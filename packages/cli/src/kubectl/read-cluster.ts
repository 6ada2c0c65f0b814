import type { CoverageEntry } from '@cloudoptim/core';
import { UserError } from '../user-error.js';
import { customOwners } from './custom-owners.js';
import { discover, type ServedVersion } from './discover.js';
import { inOrder } from './in-order.js';
import { type ApiKind, apiKinds, listPath } from './kinds.js';
import type { Kubectl } from './kubectl.js';
import { KubectlFailure } from './kubectl-failure.js';
import { type HeldList, pagesOf, readList } from './list-kind.js';

export interface ReadClusterOptions {
  /** Where the user may not list a kind in the whole cluster, these namespaces are listed one by one. */
  readonly namespaces: readonly string[];
  readonly nowMs: () => number;
  readonly onProgress: (message: string) => void;
}

/** A cluster as it is read: documents to convert or to write down, and, once they are all taken, what they cover. */
export interface ClusterReading {
  readonly documents: AsyncIterable<unknown>;
  /** Complete only after `documents` ended. */
  readonly coverage: readonly CoverageEntry[];
  /** Sentences about what could not be read. */
  readonly notes: readonly string[];
}

/** What became of one kind. */
interface KindReading {
  readonly lists: readonly HeldList[];
  readonly coverage: readonly CoverageEntry[];
  readonly note?: string;
}

/** Each call of kubectl may first log in, which takes a second with some plugins: several at a time hide that. */
const atOnce = 4;

/** Reads every kind that bears on a plan, page by page. A kind that the user may not list becomes coverage, not an error. */
export function readCluster(kubectl: Kubectl, options: ReadClusterOptions): ClusterReading {
  const coverage: CoverageEntry[] = [];
  const notes: string[] = [];
  return { documents: documents(), coverage, notes };

  async function* documents(): AsyncGenerator<unknown> {
    try {
      await kubectl.checkVersion();
      options.onProgress('asking the cluster what it serves');
      yield await serverVersion(kubectl);
      const versionsOf = await discover(kubectl);
      const owners = customOwners(kubectl);
      const readings = inOrder(apiKinds, atOnce, (kind) => readKind(kind, versionsOf(kind)));
      for await (const { item: kind, result } of readings) {
        for (const list of result.lists) {
          for await (const page of pagesOf(list)) {
            owners.look(kind.kind, page.items);
            yield page;
          }
        }
        coverage.push(...result.coverage);
        if (result.note !== undefined) notes.push(result.note);
      }
      options.onProgress('reading the scale of custom owners');
      yield* owners.scales();
      coverage.push(entry('Scale', owners.complete() ? 'listed' : 'partial'));
    } finally {
      // After a failure others may still be under way; nobody waits for them.
      kubectl.stop();
    }
  }

  async function readKind(kind: ApiKind, served: ServedVersion): Promise<KindReading> {
    if (served.served === 'unreadable') {
      const note = `${kind.kind} was not read: the cluster serves ${kind.group} only as ${served.versions.join(', ')}, which this version of cloudoptim does not know.`;
      return { lists: [], coverage: [entry(kind.kind, 'absent')], note };
    }
    for (const version of served.served === 'yes' ? served.versions : []) {
      try {
        return await list(kind, version);
      } catch (error) {
        // Served by the group in another version, or not at all.
        if (failureOf(error) === 'not-found') continue;
        if (failureOf(error) === 'forbidden') return await listByNamespace(kind, version);
        throw unreachable(error);
      }
    }
    // The server has no such kind: there are none, and that is knowledge.
    return { lists: [], coverage: [entry(kind.kind, 'listed')] };
  }

  async function list(kind: ApiKind, version: string, namespace?: string): Promise<KindReading> {
    const observed = entry(kind.kind, 'listed', namespace);
    const progress = (objects: number) =>
      options.onProgress(`reading ${kind.resource}${namespace === undefined ? '' : ` of ${namespace}`}: ${objects}`);
    const held = await readList(kubectl, listPath(kind, version, namespace), progress);
    const { resourceVersion } = held.last.metadata;
    return {
      lists: [held],
      coverage: [{ ...observed, ...(resourceVersion === undefined ? {} : { resourceVersion }) }],
    };
  }

  async function listByNamespace(kind: ApiKind, version: string): Promise<KindReading> {
    const lists: HeldList[] = [];
    const known: CoverageEntry[] = [entry(kind.kind, 'forbidden')];
    for (const namespace of kind.namespaced ? options.namespaces : []) {
      try {
        const reading = await list(kind, version, namespace);
        lists.push(...reading.lists);
        known.push(...reading.coverage);
      } catch (error) {
        if (failureOf(error) !== 'forbidden' && failureOf(error) !== 'not-found') throw unreachable(error);
        known.push(entry(kind.kind, 'forbidden', namespace));
      }
    }
    return { lists, coverage: known };
  }

  function entry(kind: string, state: CoverageEntry['state'], namespace?: string): CoverageEntry {
    return { kind, ...(namespace === undefined ? {} : { namespace }), state, observedAtMs: options.nowMs() };
  }
}

/** `/version` is readable for everybody who is logged in, so its failure is the failure of the connection. */
async function serverVersion(kubectl: Kubectl): Promise<unknown> {
  try {
    return JSON.parse(await kubectl.get('/version')) as unknown;
  } catch (error) {
    if (failureOf(error) === 'forbidden' || error instanceof SyntaxError) return {};
    throw unreachable(error);
  }
}

function failureOf(error: unknown) {
  return error instanceof KubectlFailure ? error.failure : undefined;
}

function unreachable(error: unknown): unknown {
  if (!(error instanceof KubectlFailure)) return error;
  return new UserError(
    `${error.message.replace(/[.?]$/, '')}. Check with \`kubectl get nodes\`; choose another cluster with --context or --kubeconfig, or analyse a dump with --snapshot FILE.`,
    { cause: error },
  );
}
