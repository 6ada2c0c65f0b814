import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { byText } from '../order.js';
import { badInput } from './bad-input.js';

export interface DumpFile {
  readonly path: string;
  /** The namespace whose objects the file lists: in the folder of a `kubectl cluster-info dump` only. */
  readonly namespace: string | undefined;
}

const readable = /\.(?:json|ya?ml)(?:\.gz)?$/i;

/** The files of a path: itself, or all that JSON or YAML is in below a folder, in the order of their names. */
export function dumpFiles(path: string): DumpFile[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw badInput(path, undefined, 'there is no such file or folder', error);
  }
  if (!isFolder) return [{ path, namespace: undefined }];
  const files = filesBelow(path);
  if (files.length === 0) throw badInput(path, undefined, 'the folder holds no .json, .yaml or .yml file (.gz or not)');
  // kubectl cluster-info dump writes nodes.json beside one folder a namespace (kubectl clusterinfo_dump.go).
  const isClusterInfo = ['nodes.json', 'nodes.yaml'].some((name) => existsSync(join(path, name)));
  return files.map((file) => {
    const isInNamespace = isClusterInfo && dirname(dirname(file)) === path.replace(/[/\\]+$/, '');
    return { path: file, namespace: isInNamespace ? basename(dirname(file)) : undefined };
  });
}

/** Links to folders are not followed: they may lead round in circles. */
function filesBelow(folder: string): string[] {
  const found: string[] = [];
  const waiting = [folder.replace(/(?<=.)[/\\]+$/, '')];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (readable.test(entry.name) && (entry.isFile() || statSync(path).isFile())) found.push(path);
    }
  }
  return found.sort(byText);
}
