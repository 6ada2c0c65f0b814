import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../examples/sample-cluster/', import.meta.url));

/** A row of the table that the sample cluster is made from. */
export interface SampleNode {
  readonly key: string;
  readonly name: string;
  readonly role: 'full' | 'goes' | 'shrinks' | 'stays';
  readonly usdPerHour: number | null;
  readonly savesUsdPerHour?: number;
}

export const sampleNodes: readonly SampleNode[] = JSON.parse(readFileSync(join(folder, 'nodes.json'), 'utf8'));

let made: string | undefined;

/** Path of the sample cluster, made once a process. */
export function sampleCluster(): string {
  if (made === undefined) {
    made = join(mkdtempSync(join(tmpdir(), 'cloudoptim-sample-')), 'cluster.json');
    execFileSync(process.execPath, [join(folder, 'make.mjs'), made]);
  }
  return made;
}
