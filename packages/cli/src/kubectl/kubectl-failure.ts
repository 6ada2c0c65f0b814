/** What the API server said, as far as it decides how to go on. */
export type FailureKind = 'forbidden' | 'not-found' | 'expired' | 'other';

/** kubectl ended with an error for one path. */
export class KubectlFailure extends Error {
  readonly failure: FailureKind;
  readonly path: string;

  constructor(failure: FailureKind, path: string, said: string) {
    super(`kubectl get --raw ${path}: ${said}`);
    this.name = 'KubectlFailure';
    this.failure = failure;
    this.path = path;
  }
}

/**
 * `kubectl get --raw` prints no body for an error, only a line: `Error from server (Reason): message`. Reasons as in
 * apimachinery's StatusReason; a continue token older than etcd's compaction gives `Expired` (410).
 */
export function classifyFailure(stderr: string, path: string): KubectlFailure {
  const lines = stderr.trim().split('\n');
  const said = lines.find((line) => /^(error|Error|Unable|The connection)/.test(line)) ?? lines.at(-1) ?? 'no message';
  const reason = /Error from server \((\w+)\)/.exec(said)?.[1];
  return new KubectlFailure(kindOf(reason, said), path, said.replace(/^error: /i, ''));
}

function kindOf(reason: string | undefined, said: string): FailureKind {
  if (reason === 'Forbidden') return 'forbidden';
  if (reason === 'NotFound' || reason === 'MethodNotAllowed') return 'not-found';
  if (reason === 'Expired' || reason === 'Gone') return 'expired';
  if (reason === undefined && /the server could not find the requested resource/.test(said)) return 'not-found';
  return 'other';
}
