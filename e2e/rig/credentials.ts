import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const adminToken = 'e2e-admin';

/** Writes the keys by which service account tokens are signed, and the token of the administrator; returns their paths. */
export function writeCredentials(folder: string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const paths = {
    serviceAccountKey: join(folder, 'service-account.key'),
    serviceAccountPublicKey: join(folder, 'service-account.pub'),
    tokens: join(folder, 'tokens.csv'),
  };
  writeFileSync(paths.serviceAccountKey, privateKey, { mode: 0o600 });
  writeFileSync(paths.serviceAccountPublicKey, publicKey);
  writeFileSync(paths.tokens, `${adminToken},admin,admin-uid,system:masters\n`, { mode: 0o600 });
  return paths;
}

/** A kubeconfig, in JSON, which is YAML, for one user with a token; `namespace` is the current one. */
export function kubeconfig({
  url,
  caFile,
  token,
  namespace,
}: {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
  readonly namespace?: string;
}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: { server: url, 'certificate-authority': caFile } }],
    users: [{ name: 'e2e', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e', ...(namespace && { namespace }) } }],
    'current-context': 'e2e',
  });
}
