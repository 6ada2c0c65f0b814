import { isRecord } from './fields.js';

/** What `/version` answers, as far as it is used. */
export interface ServerVersion {
  readonly major?: string;
  readonly minor?: string;
  readonly gitVersion?: string;
}

/**
 * `major.minor` of a document that tells the server's version: the answer of `/version`, or `serverVersion` in that of
 * `kubectl version -o json`. Providers write `29+` for a minor version of their own make. Undefined when it tells none.
 */
export function serverVersionOf(document: unknown): string | undefined {
  if (!isRecord(document)) return undefined;
  const source = isRecord(document.serverVersion) ? document.serverVersion : document;
  const { major, minor, gitVersion } = source;
  if (typeof major === 'string' && typeof minor === 'string') {
    const digits = /^\d{1,4}$/.test(major) ? minor.match(/^\d{1,4}/)?.[0] : undefined;
    if (digits !== undefined) return `${major}.${digits}`;
  }
  const match = typeof gitVersion === 'string' ? gitVersion.match(/^v(\d{1,4})\.(\d{1,4})\./) : null;
  return match === null ? undefined : `${match[1]}.${match[2]}`;
}
