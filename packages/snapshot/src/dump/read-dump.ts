import { badInput } from './bad-input.js';
import { dumpFiles } from './dump-files.js';
import type { DumpObject } from './dump-object.js';
import { openInput } from './input-chunks.js';
import { readJson } from './read-json.js';
import { readYaml } from './read-yaml.js';

export interface ReadDumpOptions {
  /** What messages call a stream; `stdin` when absent. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads a dump object by object: a file, a folder, several of them, or a stream such as `process.stdin`. JSON of any length
 * (Lists, typed lists, arrays, documents one after another, the output of `kubectl cluster-info dump`), YAML up to 100 MB a
 * document, either compressed with gzip. Never holds more than one object of JSON in memory.
 * Throws InvalidInput that names the file and, for JSON, byte and line.
 */
export async function* readDump(
  input: string | readonly string[] | AsyncIterable<unknown>,
  options: ReadDumpOptions = {},
): AsyncGenerator<DumpObject> {
  if (typeof input !== 'string' && !Array.isArray(input)) {
    yield* readOne(input as AsyncIterable<unknown>, options.name ?? 'stdin', undefined, options.signal);
    return;
  }
  const paths = typeof input === 'string' ? [input] : (input as readonly string[]);
  for (const path of paths)
    for (const file of dumpFiles(path)) yield* readOne(file.path, file.path, file.namespace, options.signal);
}

async function* readOne(
  input: string | AsyncIterable<unknown>,
  source: string,
  namespace: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<DumpObject> {
  const { head, chunks } = await openInput(input, source, signal);
  if (head.length === 0) throw badInput(source, undefined, 'it is empty: did the command that wrote it fail?');
  yield* looksLikeYaml(head, source) ? readYaml(chunks, source, namespace) : readJson(chunks, source, namespace);
}

/** By name where it tells, else by the first character: JSON documents begin with a bracket. */
function looksLikeYaml(head: Buffer, source: string): boolean {
  if (/\.ya?ml(?:\.gz)?$/i.test(source)) return true;
  if (/\.json(?:\.gz)?$/i.test(source)) return false;
  const first = head.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  const isJson = first === undefined || '{["='.includes(String.fromCharCode(first)) || first === 0xff || first === 0xfe;
  return !isJson;
}
