const marker = Symbol.for('cloudoptim.dump-object');

/** A List of Kubernetes, as far as it tells what was asked for. It is complete once `DumpObject.endsList` came. */
export interface DumpList {
  readonly source: string;
  kind?: string;
  apiVersion?: string;
  resourceVersion?: string;
  /** Not empty: there are more pages. */
  continue?: string;
  /** The one namespace that was asked for, where the folder of a `kubectl cluster-info dump` tells. */
  namespace?: string;
}

/**
 * One step through a dump: an object (with the list that it came in), or the end of a list. Empty lists matter: they are the
 * only witness that there is nothing of a kind.
 */
export class DumpObject {
  /** Undefined at the end of a list. */
  readonly object: unknown;
  readonly list: DumpList | undefined;
  /** File, `stdin`, or what the caller named. */
  readonly source: string;

  constructor(object: unknown, list: DumpList | undefined, source: string) {
    this.object = object;
    this.list = list;
    this.source = source;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether this says that its list is complete. */
  get endsList(): boolean {
    return this.object === undefined;
  }

  /** Works across two copies of this package, unlike `instanceof`. */
  static isInstance(value: unknown): value is DumpObject {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
