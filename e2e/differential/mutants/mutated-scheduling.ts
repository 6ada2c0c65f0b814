import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Scheduling from '@cloudoptim/scheduling';
import ts from 'typescript';
import { type Mutant, mutate } from './mutate.js';

/** Our scheduling, with mutants asleep in its filters. */
export interface MutatedScheduling {
  readonly scheduling: Pick<typeof Scheduling, 'createPlacement' | 'fits'>;
  readonly mutants: readonly Mutant[];
  remove(): void;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sources = join(root, 'packages/scheduling/src');

/** Compiles the package with mutants in the files named, relative to its sources. */
export async function mutatedScheduling(files: readonly string[]): Promise<MutatedScheduling> {
  // Inside node_modules, from where the imports of core resolve.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'cloudoptim-mutants-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const mutants: Mutant[] = [];
  for (const path of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const file = path.replaceAll('\\', '/');
    const source = readFileSync(join(sources, path), 'utf8');
    const mutated = files.includes(file) ? mutate(file, source) : { code: compiled(source), mutants: [] };
    mutants.push(...mutated.mutants);
    const to = join(folder, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, mutated.code);
  }
  const scheduling = (await import(pathToFileURL(join(folder, 'index.js')).href)) as typeof Scheduling;
  return { scheduling, mutants, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function compiled(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
