import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/**
 * Text of a file of the data that lies beside the checkout and is never part of it; undefined, and said why, where it is absent.
 */
export function sharedText(set: string, file: string, log: (line: string) => void): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/data/${set}/${file}`, import.meta.url));
  if (existsSync(path)) return gunzipSync(readFileSync(path)).toString('utf8');
  log(`skipped: there is no data set ${set} beside the checkout (looked for ${path})`);
  return undefined;
}
