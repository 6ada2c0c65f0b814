import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, builtFolder } from './go-programs.mjs';
import { root } from './packages.mjs';

const folder = join(root, 'e2e', 'peers', 'karpenter');

/** The path of the program that runs Karpenter's own scheduler, built when it is not there yet: some two minutes. */
export async function buildKarpenter(log) {
  const files = ['go.mod', 'go.sum', 'main.go'].map((file) => join(folder, file));
  const [, version] = /^\s*(?:require )?sigs\.k8s\.io\/karpenter (v\S+)/m.exec(readFileSync(files[0], 'utf8'));
  const built = await builtFolder('karpenter', version, files, (target) =>
    buildProgram({ name: 'karpenter', cwd: folder, path: '.' }, target, log),
  );
  return join(built, 'karpenter');
}
