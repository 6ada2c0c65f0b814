const digests = new WeakMap<object, Promise<string>>();

/**
 * sha256 of the value's JSON, in hex. Keys stay in the order they have: sorting those of a large state takes 70 ms on top of
 * 50, and only documents that passed something like PostgreSQL's jsonb have another order than their source. Such a one has
 * another digest, which errs on the safe side. Kept for each object, so that a state of 13 MB is hashed once: whoever changes
 * it afterwards gets the old digest, so treat inputs as frozen.
 */
export function digestOf(value: object): Promise<string> {
  let digest = digests.get(value);
  if (digest === undefined) {
    digest = sha256(JSON.stringify(value));
    digests.set(value, digest);
  }
  return digest;
}

/** sha256 of a text's UTF-8 bytes, in hex. */
export async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
