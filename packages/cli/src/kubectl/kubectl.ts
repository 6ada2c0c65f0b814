import { spawn } from 'node:child_process';
import { UserError } from '../user-error.js';
import { classifyFailure } from './kubectl-failure.js';

export interface KubectlOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** How long one call may take before it counts as hanging. */
  readonly timeoutMs: number;
}

/** The user's own kubectl, with the user's own login: CloudOptim holds no credentials. */
export interface Kubectl {
  /** Body of a GET. Throws KubectlFailure when the server answers with an error, UserError when there is no answer at all. */
  get(path: string): Promise<string>;
  /** Throws UserError when kubectl is missing or too old to be used. */
  checkVersion(): Promise<void>;
  /** Ends the calls that are under way. */
  stop(): void;
}

/** Found on the user's PATH. */
const program = 'kubectl';
/** Minor version of the oldest kubectl that still logs in to the EKS versions in use (exec credentials v1beta1 and v1). */
const oldestMinor = 24;
const longestErrorOutput = 64 * 1024;

export function createKubectl(options: KubectlOptions): Kubectl {
  const target = [
    ...(options.kubeconfig === undefined ? [] : [`--kubeconfig=${options.kubeconfig}`]),
    ...(options.context === undefined ? [] : [`--context=${options.context}`]),
  ];
  const stopped = new AbortController();
  const call = (args: readonly string[], doing: string) =>
    run(args, doing, { ...options, signal: AbortSignal.any([options.signal, stopped.signal]) });
  return {
    stop: () => stopped.abort(),
    async get(path) {
      const { code, stdout, stderr } = await call([...target, 'get', '--raw', path], `reading ${path}`);
      if (code === 0) return stdout;
      throw classifyFailure(stderr, path);
    },
    async checkVersion() {
      const { code, stdout, stderr } = await call(['version', '--client', '-o', 'json'], 'asking for its version');
      const version = code === 0 ? clientVersion(stdout) : undefined;
      if (version === undefined) {
        throw new UserError(
          `kubectl did not tell its version (${firstLine(stderr) || 'no output'}); it is probably too old. Install kubectl 1.${oldestMinor} or newer: https://kubernetes.io/docs/tasks/tools`,
        );
      }
      if (version.major > 1 || version.minor >= oldestMinor) return;
      throw new UserError(
        `kubectl ${version.text} is too old: cloudoptim needs 1.${oldestMinor} or newer. Install it from https://kubernetes.io/docs/tasks/tools`,
      );
    },
  };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], doing: string, options: KubectlOptions): Promise<Ended> {
  const { env, cwd, signal, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    // stdin is closed: a login plugin that wants to ask for a password fails with its own message instead of hanging.
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    let errorBytes = 0;
    const hanging = setTimeout(() => {
      fail(
        new UserError(
          `kubectl did not answer within ${timeoutMs / 1000} s while ${doing}. Is the cluster reachable (VPN, expired login)? Try \`kubectl get nodes\`, or raise --kubectl-timeout.`,
        ),
      );
    }, timeoutMs);
    const abort = () => fail(new Error('interrupted'));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();

    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      errorBytes += chunk.length;
      if (errorBytes <= longestErrorOutput) errors.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => fail(couldNotStart(error)));
    child.on('close', (code) => {
      settle();
      resolve({ code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(errors).toString('utf8') });
    });

    function fail(error: Error) {
      settle();
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open for as long as it likes; nobody listens any more.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(error);
    }

    function settle() {
      clearTimeout(hanging);
      signal.removeEventListener('abort', abort);
    }
  });
}

function couldNotStart(error: NodeJS.ErrnoException): UserError {
  if (error.code === 'ENOENT') {
    return new UserError(
      'kubectl is not on the PATH. Install it (https://kubernetes.io/docs/tasks/tools), or analyse a dump with --snapshot FILE.',
      { cause: error },
    );
  }
  return new UserError(`kubectl could not be started: ${error.message}.`, { cause: error });
}

function clientVersion(json: string): { major: number; minor: number; text: string } | undefined {
  try {
    const { clientVersion } = JSON.parse(json) as {
      clientVersion?: { major?: unknown; minor?: unknown; gitVersion?: unknown };
    };
    const major = Number.parseInt(String(clientVersion?.major), 10);
    const minor = Number.parseInt(String(clientVersion?.minor), 10);
    if (!Number.isFinite(major) || !Number.isFinite(minor)) return undefined;
    return { major, minor, text: String(clientVersion?.gitVersion ?? `${major}.${minor}`) };
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
