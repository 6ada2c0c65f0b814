import { type Policy, parsePolicy } from '@cloudoptim/core';
import { parseDocument } from './parse-document.js';
import { readTextFile } from './read-text-file.js';

/**
 * The user's policy over the defaults. `namespaces` of the command line are added to those that the file includes.
 * Throws UserError or core's InvalidInput, which name the file and the field.
 */
export async function readPolicy(
  path: string | undefined,
  namespaces: readonly string[],
  cwd: string,
): Promise<Policy> {
  const written = path === undefined ? {} : await parseDocument(await readTextFile(path, cwd, 'The policy file'), path);
  const policy = parsePolicy(written ?? {}, path ?? 'The policy');
  if (namespaces.length === 0) return policy;
  const include = [...new Set([...policy.namespaces.include, ...namespaces])];
  return { ...policy, namespaces: { ...policy.namespaces, include } };
}
