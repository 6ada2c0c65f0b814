import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hashFiles } from './files.mjs';
import { withLock } from './lock.mjs';
import { root } from './packages.mjs';
import { run } from './run.mjs';

const tools = join(root, 'e2e', 'tools');
/** The version in e2e/tools/kubernetes/go.mod, which the programs cannot know by themselves. */
const kubernetesVersion = /^\s*(?:require )?k8s\.io\/kubernetes (v\S+)/m.exec(
  readFileSync(join(tools, 'kubernetes', 'go.mod'), 'utf8'),
)[1];

const programs = [
  { name: 'etcd', module: 'etcd', path: 'go.etcd.io/etcd/server/v3' },
  ...['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'kubectl'].map((name) => ({
    name,
    module: 'kubernetes',
    path: `k8s.io/kubernetes/cmd/${name}`,
    flags: ['-ldflags', versionFlags()],
  })),
  { name: 'kwok', module: 'kwok', path: 'sigs.k8s.io/kwok/cmd/kwok' },
];

/** kwok's own stages by which nodes become Ready and pods run and end, as one file. */
const stages = [
  ['node', 'fast'],
  ['node', 'heartbeat-with-lease'],
  ['pod', 'fast'],
];

/**
 * The folder of the programs, built when it is not there yet: about seven minutes on two cores with nothing cached. It lies
 * outside the checkout and is named for what was built, so that a new version gets a folder of its own. Throws with the
 * remedy when Go is missing or too old, and with Go's output when a build fails.
 */
export async function buildAssets(log) {
  const files = ['etcd', 'kubernetes', 'kwok'].flatMap((name) =>
    ['go.mod', 'go.sum'].map((file) => join(tools, name, file)),
  );
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cloudoptim', 'kubebuilder-assets');
  const target = join(cache, `${kubernetesVersion}-${hashFiles(root, files).slice(0, 12)}`);
  if (existsSync(join(target, 'complete'))) return target;
  await checkGo();
  mkdirSync(cache, { recursive: true });
  await withLock(`${target}.lock`, async () => {
    if (existsSync(join(target, 'complete'))) return;
    // Built beside and renamed: a build that was interrupted leaves nothing that looks finished.
    const folder = mkdtempSync(join(cache, 'building-'));
    try {
      for (const program of programs) await build(program, folder, log);
      writeFileSync(join(folder, 'kwok-stages.yaml'), await kwokStages());
      writeFileSync(join(folder, 'complete'), '');
      rmSync(target, { recursive: true, force: true });
      renameSync(folder, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return target;
}

async function checkGo() {
  const remedy =
    'The e2e tests build their control plane with Go 1.26 or newer; install it, or set KUBEBUILDER_ASSETS.';
  let result;
  try {
    result = await run('go', ['env', 'GOVERSION'], { env: { GOTOOLCHAIN: 'local' } });
  } catch (error) {
    throw new Error(`Go cannot be run (${error.message}). ${remedy}`);
  }
  const version = /^go(\d+)\.(\d+)/.exec(result.output.trim());
  if (result.code !== 0 || !version || Number(version[1]) * 1000 + Number(version[2]) < 1026)
    throw new Error(`Go is ${result.output.trim()}. ${remedy}`);
}

async function build({ name, module, path, flags = [] }, folder, log) {
  const started = performance.now();
  const cwd = join(tools, module);
  const env = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
  for (let attempt = 1; ; attempt++) {
    log(`building ${name}${attempt > 1 ? `, attempt ${attempt}` : ''}`);
    const args = ['build', '-p', '2', '-trimpath', ...flags, '-o', join(folder, name), path];
    const { code, output } = await run('go', args, { cwd, env });
    if (code === 0) break;
    // Most failures are downloads that broke off; what was downloaded and compiled before is kept by Go.
    if (attempt === 4) throw new Error(`building ${name} failed\n${output.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, 5_000 * 2 ** (attempt - 1)));
  }
  log(`built ${name} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

async function kwokStages() {
  const { code, output } = await run('go', ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'], {
    cwd: join(tools, 'kwok'),
  });
  if (code !== 0) throw new Error(`the kwok module was not found\n${output.trim()}`);
  const documents = stages.flatMap(([kind, name]) => {
    const folder = join(output.trim(), 'kustomize', 'stage', kind, name);
    const files = readdirSync(folder).filter((file) => file.startsWith(`${kind}-`) && file.endsWith('.yaml'));
    return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  });
  return `${documents.join('\n---\n')}\n`;
}

/** Without them `/version` is unparsable and kubectl refuses the server. */
function versionFlags() {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion);
  const values = {
    gitVersion: kubernetesVersion,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: '0'.repeat(40),
    buildDate: '1970-01-01T00:00:00Z',
  };
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((name) => Object.entries(values).map(([key, value]) => `-X ${name}.${key}=${value}`))
    .join(' ');
}
