import { Readable } from 'node:stream';
import type { Io } from '../io.js';

/** All of the standard input as text. */
export async function readAll({ stdin, signal }: Pick<Io, 'stdin' | 'signal'>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of abortable(stdin, signal)) chunks.push(Buffer.from(chunk as Buffer | string));
  return Buffer.concat(chunks).toString('utf8');
}

/** The standard input, which ends with an error when the signal fires: a terminal that nobody types into never ends by itself. */
export function abortable(stdin: NodeJS.ReadableStream, signal: AbortSignal): Readable {
  const stream = stdin instanceof Readable ? stdin : Readable.from(stdin);
  const abort = () => stream.destroy(new Error('interrupted'));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return stream;
}
