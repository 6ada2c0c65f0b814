import { canonicalJson } from './canonical-json.js';

const digests = new WeakMap<object, Promise<string>>();

/**
 * sha256 of the value's canonical JSON, in hex. Kept for each object, since the state of a large cluster is 13 MB: whoever
 * changes an object after its digest was taken gets the old digest, so treat inputs as frozen.
 */
export function digestOf(value: object): Promise<string> {
  let digest = digests.get(value);
  if (digest === undefined) {
    digest = sha256(canonicalJson(value));
    digests.set(value, digest);
  }
  return digest;
}

/** sha256 of a text's UTF-8 bytes, in hex. */
export async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
