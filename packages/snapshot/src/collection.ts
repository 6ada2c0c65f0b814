import type { ObjectMeta } from './object-meta.js';
import { byText } from './order.js';

interface Entry<T> {
  readonly uid: string | undefined;
  readonly createdAtMs: number;
  readonly resourceVersion: string;
  readonly value: T;
}

/** How an object stands to one of the same kind and name that came before. */
export type Repetition = 'new' | 'same-object' | 'other-object';

/**
 * Converted objects of one kind by namespace and name. Of two with one name the younger stays, then the later version, so
 * that the order of arrival does not matter.
 */
export class Collection<T> {
  private readonly entries = new Map<string, Entry<T>>();

  add(meta: ObjectMeta, value: T): Repetition {
    const key = `${meta.namespace}\u0000${meta.name}`;
    const known = this.entries.get(key);
    const entry: Entry<T> = {
      uid: meta.uid,
      createdAtMs: meta.createdAtMs ?? -1,
      resourceVersion: meta.resourceVersion ?? '',
      value,
    };
    if (known === undefined) {
      this.entries.set(key, entry);
      return 'new';
    }
    if (compare(entry, known) > 0) this.entries.set(key, entry);
    return known.uid === entry.uid ? 'same-object' : 'other-object';
  }

  get(namespace: string, name: string): T | undefined {
    return this.entries.get(`${namespace}\u0000${name}`)?.value;
  }

  get size(): number {
    return this.entries.size;
  }

  /** In order of namespace and name. */
  sorted(): T[] {
    return [...this.entries].sort(([a], [b]) => byText(a, b)).map(([, entry]) => entry.value);
  }
}

function compare<T>(a: Entry<T>, b: Entry<T>): number {
  return (
    a.createdAtMs - b.createdAtMs ||
    a.resourceVersion.length - b.resourceVersion.length ||
    byText(a.resourceVersion, b.resourceVersion) ||
    byText(JSON.stringify(a.value), JSON.stringify(b.value))
  );
}
