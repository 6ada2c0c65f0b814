import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOk } from './answers-ok.js';
import { type ApiClient, createApiClient } from './api-client.js';
import { asset } from './assets.js';
import { adminToken, kubeconfig, writeCredentials } from './credentials.js';
import { freePorts } from './free-ports.js';
import { guardian } from './guardian.js';
import { kubectl } from './kubectl.js';
import { type Program, startProgram } from './program.js';
import { Unrecoverable, waitUntil } from './wait-until.js';

export interface ControlPlaneOptions {
  /** kube-scheduler, with a KubeSchedulerConfiguration (its client connection is filled in) and more flags. */
  readonly scheduler?: { readonly config?: Readonly<Record<string, unknown>>; readonly args?: readonly string[] };
  /** kube-controller-manager, with the value of its --controllers; `usual` is all that need no cloud. */
  readonly controllers?: 'usual' | (string & {});
  /** kwok, which plays all kubelets; `stages` is the YAML of its Stage objects, kwok's own fast ones by default. */
  readonly kwok?: { readonly stages?: string };
  /** Such as `1.34`: gates behave as they did then. Ungated code does not. */
  readonly emulatedVersion?: string;
  readonly apiServerArgs?: readonly string[];
}

/** A Kubernetes control plane of our own, on loopback. */
export interface ControlPlane {
  readonly url: string;
  readonly token: string;
  readonly caFile: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** A folder of this control plane's, removed when it stops. */
  readonly folder: string;
  readonly client: ApiClient;
  /** `gitVersion` of the server. */
  readonly version: string;
  readonly programs: readonly Program[];
  /** Another client of the same server, for another user. */
  clientFor(token: string): ApiClient;
  /** Runs the real kubectl as the administrator and answers what it printed; throws with its complaint. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** The last lines of every program's log, to print when a test fails. */
  tails(lines?: number): string;
  /** Ends everything, the API server before etcd: one whose etcd died first hangs for minutes. */
  stop(): Promise<void>;
}

/** Controllers that need no cloud, no kubelet's certificates and no network of the cluster. */
const usualControllers =
  '*,-node-ipam-controller,-node-route-controller,-cloud-node-lifecycle-controller,-service-lb-controller,-certificatesigningrequest-signing-controller';

/**
 * Starts etcd and an API server, and what else is asked for; ready in a few seconds. When another program took a port in the
 * meantime, all is started once more; when a program ends before it is ready, the error has the last lines of its log.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-e2e-'));
    guardian().addFolder(folder);
    const programs: Program[] = [];
    try {
      return await start(options, folder, programs);
    } catch (error) {
      await stopAll(programs, folder);
      const portTaken = error instanceof Unrecoverable && error.message.includes('address already in use');
      if (attempt === 3 || !portTaken) throw error;
    }
  }
}

async function start(options: ControlPlaneOptions, folder: string, programs: Program[]): Promise<ControlPlane> {
  const run = (name: Parameters<typeof asset>[0], args: readonly string[]) =>
    programs.push(startProgram(name, asset(name), args, join(folder, `${name}.log`)));
  const untilReady = <T>(what: string, ask: () => Promise<T | false> | T | false) =>
    waitUntil(what, () => {
      const dead = programs.find((program) => !program.running);
      if (dead !== undefined) throw new Unrecoverable(`${dead.name} ended before it was ready:\n${dead.tail()}`);
      return ask();
    });

  const ports = await freePorts(6);
  const [etcdPort, peerPort, port, managerPort, schedulerPort, kwokPort] = ports as [
    number,
    number,
    number,
    ...number[],
  ];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  run('etcd', [
    ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...[
      '--listen-peer-urls',
      peerUrl,
      '--initial-advertise-peer-urls',
      peerUrl,
      '--initial-cluster',
      `default=${peerUrl}`,
    ],
  ]);

  const credentials = writeCredentials(folder);
  run('kube-apiserver', [
    ...[`--etcd-servers=${etcdUrl}`, `--secure-port=${port}`, '--bind-address=127.0.0.1', `--cert-dir=${folder}`],
    ...['--service-cluster-ip-range=10.0.0.0/16', '--endpoint-reconciler-type=none', '--authorization-mode=Node,RBAC'],
    ...[`--token-auth-file=${credentials.tokens}`, '--allow-privileged'],
    `--service-account-key-file=${credentials.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${credentials.serviceAccountKey}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    ...['--max-requests-inflight=2000', '--max-mutating-requests-inflight=1000'],
    ...(options.emulatedVersion === undefined ? [] : [`--emulated-version=${options.emulatedVersion}`]),
    ...(options.apiServerArgs ?? []),
  ]);
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(folder, 'apiserver.crt');
  const ca = await untilReady('the certificate of the API server', () => textOf(caFile));
  const clientFor = (token: string) => createApiClient({ url, token, ca });
  const client = clientFor(adminToken);
  await untilReady('the API server', async () => (await client.send('GET', '/readyz')).status === 200);

  const config = join(folder, 'kubeconfig.json');
  writeFileSync(config, kubeconfig({ url, caFile, token: adminToken }), { mode: 0o600 });
  if (options.controllers !== undefined) {
    run('kube-controller-manager', [
      ...[`--kubeconfig=${config}`, '--leader-elect=false', ...serveOn(managerPort, folder)],
      `--service-account-private-key-file=${credentials.serviceAccountKey}`,
      `--controllers=${options.controllers === 'usual' ? usualControllers : options.controllers}`,
      ...['--kube-api-qps=500', '--kube-api-burst=1000'],
      // A busy machine may keep kwok from renewing its leases for the usual 50 seconds, and no plan is to blame for that.
      '--node-monitor-grace-period=10m',
      ...(options.emulatedVersion === undefined ? [] : [`--emulated-version=${options.emulatedVersion}`]),
    ]);
  }
  if (options.scheduler !== undefined) {
    run('kube-scheduler', [...schedulerArgs(options, folder, config), ...serveOn(schedulerPort, folder)]);
  }
  if (options.kwok !== undefined) {
    const stages = join(folder, 'kwok-stages.yaml');
    writeFileSync(stages, options.kwok.stages ?? readFileSync(asset('kwok-stages.yaml')));
    run('kwok', [
      ...['--kubeconfig', config, '--manage-all-nodes=true', '--node-lease-duration-seconds=40', '--config', stages],
      `--server-address=127.0.0.1:${kwokPort}`,
    ]);
  }
  // One that cannot read its configuration ends a second after it was started, and a test would wait for it in vain.
  if (options.controllers !== undefined)
    await untilReady('kube-controller-manager', () => answersOk(`https://127.0.0.1:${managerPort}/healthz`));
  if (options.scheduler !== undefined)
    await untilReady('kube-scheduler', () => answersOk(`https://127.0.0.1:${schedulerPort}/readyz`));
  if (options.kwok !== undefined) await untilReady('kwok', () => answersOk(`http://127.0.0.1:${kwokPort}/healthz`));
  if (options.controllers === undefined || !/(^|,)(\*|serviceaccount-controller)/.test(usualOr(options.controllers)))
    await giveServiceAccount(client, 'default');
  else await untilReady('service accounts', async () => (await client.send('GET', defaultAccount)).status === 200);
  const { gitVersion } = await client.get('/version');
  return {
    ...{ url, token: adminToken, caFile, kubeconfig: config, folder, client, programs, clientFor },
    version: String(gitVersion),
    kubectl: (...args) => kubectl(args, config),
    tails: (lines) => programs.map((program) => `--- ${program.name}\n${program.tail(lines)}`).join('\n'),
    async stop() {
      client.close();
      await stopAll(programs, folder);
    },
  };
}

/** Where a program answers whether it is healthy, with a certificate of its own. */
function serveOn(port: number | undefined, folder: string): string[] {
  return ['--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${join(folder, `certificates-${port}`)}`];
}

const defaultAccount = '/api/v1/namespaces/default/serviceaccounts/default';

function usualOr(controllers: string): string {
  return controllers === 'usual' ? usualControllers : controllers;
}

/** Without the controllers that make one, a namespace has no service account, and pods in it are refused. */
export async function giveServiceAccount(client: ApiClient, namespace: string): Promise<void> {
  await client.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
}

function schedulerArgs({ scheduler, emulatedVersion }: ControlPlaneOptions, folder: string, config: string): string[] {
  const path = join(folder, 'scheduler.json');
  const whole = {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { leaderElect: false },
    // With --config the flags for the connection are not read.
    clientConnection: { kubeconfig: config, qps: 1000, burst: 2000 },
    ...scheduler?.config,
  };
  writeFileSync(path, JSON.stringify(whole));
  return [
    `--config=${path}`,
    ...(emulatedVersion === undefined ? [] : [`--emulated-version=${emulatedVersion}`]),
    ...(scheduler?.args ?? []),
  ];
}

function textOf(path: string): string | false {
  try {
    return readFileSync(path, 'utf8') || false;
  } catch {
    return false;
  }
}

async function stopAll(programs: readonly Program[], folder: string): Promise<void> {
  for (const program of [...programs].reverse()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
  guardian().removeFolder(folder);
}
