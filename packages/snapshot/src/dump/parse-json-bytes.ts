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

/** By halving: a prefix that ends within a character is not UTF-8 either, so the last cut may be up to three bytes early. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 4) {
    const middle = (good + bad) >> 1;
    let cut = middle;
    while (cut > good && ((bytes[cut] as number) & 0xc0) === 0x80 && middle - cut < 4) cut--;
    if (isUtf8(bytes.subarray(0, cut))) good = Math.max(cut, good + 1);
    else bad = cut;
  }
  return good;
}
