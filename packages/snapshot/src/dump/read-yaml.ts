import { isUtf8 } from 'node:buffer';
import { badInput } from './bad-input.js';
import type { DumpObject } from './dump-object.js';
import { expandDocument } from './expand-document.js';

/** YAML must be parsed whole, and slowly: beyond this it is no way to carry a cluster. */
const largestYamlBytes = 100_000_000;

/** Reads YAML documents from chunks, one document in memory at a time. */
export async function* readYaml(
  chunks: AsyncIterable<Buffer>,
  source: string,
  namespace?: string,
  limitBytes = largestYamlBytes,
): AsyncGenerator<DumpObject> {
  const { parseAllDocuments } = await import('yaml');
  let line = 1;
  for await (const bytes of splitDocuments(chunks, source, limitBytes)) {
    const at = { offset: 0, line };
    if (!isUtf8(bytes)) throw badInput(source, undefined, `the YAML document at line ${line} is not UTF-8`);
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    for (const document of parse(parseAllDocuments, text, source, at.line))
      yield* expandDocument(document, source, namespace);
    line += countLines(bytes);
  }
}

function* parse(
  parseAllDocuments: typeof import('yaml').parseAllDocuments,
  text: string,
  source: string,
  firstLine: number,
): Generator<unknown> {
  let parsed: ReturnType<typeof parseAllDocuments>;
  try {
    // Without prettyErrors messages do not repeat the text, which may be a secret.
    parsed = parseAllDocuments(text, { merge: true, prettyErrors: false, logLevel: 'error' });
    if (!Array.isArray(parsed)) return;
  } catch (error) {
    throw badInput(
      source,
      undefined,
      `the YAML document at line ${firstLine} cannot be read: it is nested too deep`,
      error,
    );
  }
  for (const document of parsed) {
    const [fault] = document.errors;
    if (fault !== undefined) {
      const line = firstLine + text.slice(0, fault.pos[0]).split('\n').length - 1;
      throw badInput(source, undefined, `line ${line} is not YAML: ${fault.code.toLowerCase().replaceAll('_', ' ')}`);
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      throw badInput(
        source,
        undefined,
        `the YAML document at line ${firstLine} cannot be read: its aliases grow too large or it is nested too deep`,
        error,
      );
    }
    // Nothing but comments.
    if (value !== null && value !== undefined) yield value;
  }
}

/** Cuts at lines that begin with `---`. No byte is copied more than twice, however the chunks fall. */
async function* splitDocuments(
  chunks: AsyncIterable<Buffer>,
  source: string,
  limitBytes: number,
): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let size = 0;
  let carry: Buffer = Buffer.alloc(0);
  const keep = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    size += bytes.length;
    if (size > limitBytes)
      throw badInput(
        source,
        undefined,
        `it holds a YAML document of more than ${limitBytes / 1e6} MB. Write it as JSON, which is read as a stream: kubectl get … -o json`,
      );
    pieces.push(Buffer.from(bytes));
  };
  for await (const chunk of chunks) {
    let rest = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    let from = 0;
    for (let at = rest.indexOf(separator, from); at >= 0; at = rest.indexOf(separator, from)) {
      const next = rest[at + separator.length];
      if (next === undefined) break;
      if (next !== 0x20 && next !== 0x0a && next !== 0x0d && next !== 0x09) {
        from = at + 1;
        continue;
      }
      keep(rest.subarray(0, at + 1));
      yield Buffer.concat(pieces);
      pieces = [];
      size = 0;
      rest = rest.subarray(at + 1);
      from = 1;
    }
    const held = Math.min(rest.length, separator.length);
    keep(rest.subarray(0, rest.length - held));
    carry = Buffer.from(rest.subarray(rest.length - held));
  }
  keep(carry);
  if (size > 0) yield Buffer.concat(pieces);
}

const separator = Buffer.from('\n---');

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
