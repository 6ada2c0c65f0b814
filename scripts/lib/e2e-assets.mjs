import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, builtFolder } from './go-programs.mjs';
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
 * The folder of the programs, built when it is not there yet: about seven minutes on two cores with nothing cached. Throws with
 * the remedy when Go is missing or too old, and with Go's output when a build fails.
 */
export async function buildAssets(log) {
  const files = ['etcd', 'kubernetes', 'kwok'].flatMap((name) =>
    ['go.mod', 'go.sum'].map((file) => join(tools, name, file)),
  );
  return builtFolder('kubebuilder-assets', kubernetesVersion, files, async (folder) => {
    for (const { module, ...program } of programs)
      await buildProgram({ ...program, cwd: join(tools, module) }, folder, log);
    writeFileSync(join(folder, 'kwok-stages.yaml'), await kwokStages());
  });
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
