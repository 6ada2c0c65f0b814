import type { CoverageEntry, CoverageState } from '@cloudoptim/core';
import type { DumpList } from './dump/dump-object.js';
import { itemKind } from './dump/expand-document.js';
import { findKind, type KubernetesKind, kubernetesKinds } from './kinds.js';
import { byText, type Writable } from './order.js';

/** Namespaces by kind of what a list held. */
type Contents = Map<string, Set<string>>;

/** The lists that `kubectl cluster-info dump` prints for each namespace, in its order (kubectl clusterinfo_dump.go). */
const clusterInfoBlock = [
  'EventList',
  'ReplicationControllerList',
  'ServiceList',
  'DaemonSetList',
  'DeploymentList',
  'ReplicaSetList',
  'PodList',
];

/**
 * Works out how much of each kind was seen, from what came and in which lists. The rules are in the README ("What counts as
 * listed"); when in doubt a kind is `partial`, since a cluster that only looks empty is the dangerous mistake.
 */
export class CoverageLedger {
  private readonly seen = new Set<string>();
  private readonly lost: Contents = new Map();
  private readonly listedCluster = new Map<string, string | undefined>();
  private readonly listedNamespaces: Contents = new Map();
  private readonly open = new Map<DumpList, Contents>();
  private readonly pages = new Map<string, Contents>();
  private block: { readonly kinds: string[]; readonly namespaces: Set<string> } | undefined;

  /** An object of a supported kind came, alone or in a list. */
  see(kind: string, namespace: string, list: DumpList | undefined): void {
    this.seen.add(kind);
    if (list === undefined) return;
    let contents = this.open.get(list);
    if (contents === undefined) {
      contents = new Map();
      this.open.set(list, contents);
    }
    put(contents, kind, namespace);
  }

  /** An object of a supported kind could not be read: whatever was listed, one of it is missing now. */
  lose(kind: string, namespace: string): void {
    this.seen.add(kind);
    put(this.lost, kind, namespace);
  }

  /** A list is complete. */
  end(list: DumpList): void {
    const contents: Contents = this.open.get(list) ?? new Map();
    this.open.delete(list);
    const kind = itemKind(list);
    this.followBlock(list, contents);
    if (kind === undefined) {
      // A list without a kind is what is left of one that was cut off: it proves nothing.
      if (list.kind === 'List') this.endPlainList(contents);
      return;
    }
    const supported = findKind(kind);
    if (supported?.kind !== kind) return;
    this.seen.add(kind);
    const pages = this.pages.get(kind) ?? new Map<string, Set<string>>();
    for (const namespace of contents.get(kind) ?? []) put(pages, kind, namespace);
    if (list.continue !== undefined) {
      this.pages.set(kind, pages);
      return;
    }
    this.pages.delete(kind);
    const namespaces = new Set(pages.get(kind));
    if (!supported.namespaced || namespaces.size > 1) this.listedCluster.set(kind, list.resourceVersion);
    else if (list.namespace !== undefined) put(this.listedNamespaces, kind, list.namespace);
    else for (const namespace of namespaces) put(this.listedNamespaces, kind, namespace);
  }

  /** `stated` entries are a caller's or a dump's own word and win over what was worked out. */
  build(listed: Iterable<string>, stated: readonly CoverageEntry[], others: readonly CoverageEntry[]): CoverageEntry[] {
    for (const kind of listed) this.listedCluster.set(kind, this.listedCluster.get(kind));
    const entries = new Map<string, CoverageEntry>();
    const set = (entry: CoverageEntry) => entries.set(`${entry.kind}\u0000${entry.namespace ?? ''}`, entry);
    for (const kind of kubernetesKinds) for (const entry of this.entriesOf(kind)) set(entry);
    for (const entry of [...others, ...stated]) set(this.lessWhatWasLost(entry));
    return [...entries].sort(([a], [b]) => byText(a, b)).map(([, entry]) => entry);
  }

  private *entriesOf({ kind, namespaced }: KubernetesKind): Generator<CoverageEntry> {
    const isListed = this.listedCluster.has(kind);
    const state: CoverageState = isListed ? 'listed' : this.seen.has(kind) ? 'partial' : 'absent';
    const whole: Writable<CoverageEntry> = { kind, state };
    const resourceVersion = this.listedCluster.get(kind);
    if (resourceVersion !== undefined) whole.resourceVersion = resourceVersion;
    yield this.lessWhatWasLost(whole);
    if (!namespaced || isListed) {
      if (isListed)
        for (const namespace of this.lost.get(kind) ?? []) if (namespaced) yield { kind, namespace, state: 'partial' };
      return;
    }
    for (const namespace of this.listedNamespaces.get(kind) ?? [])
      yield this.lessWhatWasLost({ kind, namespace, state: 'listed' });
  }

  private lessWhatWasLost(entry: CoverageEntry): CoverageEntry {
    const lost = this.lost.get(entry.kind);
    if (lost === undefined || entry.state !== 'listed') return entry;
    return entry.namespace === undefined || lost.has(entry.namespace) ? { ...entry, state: 'partial' } : entry;
  }

  /** `kubectl get a,b,c [-A] -o json` asks for all its kinds in the same scope: one namespace, or all. */
  private endPlainList(contents: Contents): void {
    const namespaces = new Set<string>();
    for (const [kind, its] of contents)
      if (findKind(kind)?.namespaced === true) for (const one of its) namespaces.add(one);
    for (const [kind, its] of contents) {
      if (findKind(kind)?.namespaced === false || namespaces.size > 1) this.listedCluster.set(kind, undefined);
      else for (const namespace of its) put(this.listedNamespaces, kind, namespace);
    }
  }

  /** On stdout a cluster-info dump does not name its namespaces: the lists of one block share one, if any of them tells it. */
  private followBlock(list: DumpList, contents: Contents): void {
    const kind = list.kind ?? '';
    if (kind === clusterInfoBlock[0]) this.block = { kinds: [], namespaces: new Set() };
    const block = this.block;
    if (block === undefined) return;
    if (clusterInfoBlock[block.kinds.length] !== kind) {
      this.block = undefined;
      return;
    }
    block.kinds.push(kind);
    for (const namespaces of contents.values()) for (const namespace of namespaces) block.namespaces.add(namespace);
    if (block.kinds.length < clusterInfoBlock.length) return;
    const [namespace] = block.namespaces;
    if (block.namespaces.size === 1 && namespace !== undefined)
      for (const one of block.kinds.slice(1)) put(this.listedNamespaces, one.slice(0, -4), namespace);
    this.block = undefined;
  }
}

function put(contents: Contents, kind: string, namespace: string): void {
  const namespaces = contents.get(kind);
  if (namespaces === undefined) contents.set(kind, new Set([namespace]));
  else namespaces.add(namespace);
}
