import { isUtf8 } from 'node:buffer';
import { badInput, type Position } from './bad-input.js';
import { locateJsonError } from './locate-json-error.js';

/** Parses one object's bytes; throws InvalidInput with the place within the whole input. */
export function parseJsonBytes(bytes: Buffer, source: string, at: Position): unknown {
  if (!isUtf8(bytes)) {
    const bad = firstBadByte(bytes);
    throw badInput(source, placeWithin(bytes, bad, at), 'the text is not UTF-8: write the dump again as UTF-8');
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const fault = locateJsonError(bytes);
    // Its message would repeat the text around the fault, which may be a secret.
    if (fault === undefined) throw badInput(source, at, 'the object that begins here is not JSON', error);
    throw badInput(source, placeWithin(bytes, fault.offset, at), fault.message);
  }
}

function placeWithin(bytes: Buffer, offset: number, at: Position): Position {
  let line = at.line;
  for (let index = bytes.indexOf(0x0a); index >= 0 && index < offset; index = bytes.indexOf(0x0a, index + 1)) line++;
  return { offset: at.offset + offset, line };
}

/** Block by block, then character by character within the bad block. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  while (good < bytes.length) {
    const end = characterStart(bytes, Math.min(good + 4096, bytes.length));
    if (end <= good || !isUtf8(bytes.subarray(good, end))) break;
    good = end;
  }
  while (good < bytes.length) {
    const next = [1, 2, 3, 4].find((length) => isUtf8(bytes.subarray(good, good + length)));
    if (next === undefined) break;
    good += next;
  }
  return good;
}

/** Steps back over continuation bytes, at most the three that a character can have. */
function characterStart(bytes: Buffer, end: number): number {
  let start = end;
  while (start < bytes.length && end - start < 3 && ((bytes[start] as number) & 0xc0) === 0x80) start--;
  return start;
}
