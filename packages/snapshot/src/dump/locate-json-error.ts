/** Where JSON breaks, and how. */
export interface JsonFault {
  readonly offset: number;
  readonly message: string;
}

/**
 * Finds the first byte at which text stops being JSON (RFC 8259). JSON.parse knows too, but its messages repeat the text
 * around, which may be a secret, and differ by version. Undefined when nothing is wrong.
 */
export function locateJsonError(bytes: Buffer): JsonFault | undefined {
  const closers: number[] = [];
  let index = 0;
  let expects: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'separator' = 'value';
  const fault = (message: string, offset = index): JsonFault => ({ offset, message });
  while (true) {
    while (isSpace(bytes[index])) index++;
    const byte = bytes[index];
    if (byte === undefined) {
      const isWhole = closers.length === 0 && expects === 'separator';
      return isWhole ? undefined : fault('it ends too early');
    }
    const closer = closers[closers.length - 1];
    if (expects === 'separator') {
      if (closer === undefined) return fault('something follows the value');
      if (byte === closer) {
        closers.pop();
        index++;
        continue;
      }
      if (byte !== 0x2c) return fault('a comma or a closing bracket is expected');
      index++;
      expects = closer === 0x7d ? 'key' : 'value';
      continue;
    }
    if (byte === closer && (expects === 'value-or-end' || expects === 'key-or-end')) {
      closers.pop();
      index++;
      expects = 'separator';
      continue;
    }
    if ((byte === 0x5d || byte === 0x7d) && closer === byte) return fault('a comma stands before the closing bracket');
    if (expects === 'key' || expects === 'key-or-end') {
      if (byte !== 0x22) return fault('a key in double quotes is expected');
      const end = textEnd(bytes, index);
      if (typeof end !== 'number') return end;
      index = end;
      while (isSpace(bytes[index])) index++;
      if (bytes[index] !== 0x3a) return fault('a colon is expected');
      index++;
      expects = 'value';
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) {
      closers.push(byte + 2);
      index++;
      expects = byte === 0x7b ? 'key-or-end' : 'value-or-end';
      continue;
    }
    const end = byte === 0x22 ? textEnd(bytes, index) : wordEnd(bytes, index);
    if (typeof end !== 'number') return end;
    index = end;
    expects = 'separator';
  }
}

function textEnd(bytes: Buffer, start: number): number | JsonFault {
  let index = start + 1;
  while (index < bytes.length) {
    const byte = bytes[index] as number;
    if (byte === 0x22) return index + 1;
    if (byte < 0x20) return { offset: index, message: 'a line break or control character stands within a text' };
    if (byte !== 0x5c) {
      index++;
      continue;
    }
    const sequence = bytes.toString('latin1', index, index + 6);
    const match = sequence.match(/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/);
    if (match === null) return { offset: index, message: 'a backslash stands before something that cannot be escaped' };
    index += match[0].length;
  }
  return { offset: start, message: 'a text that begins here does not end' };
}

function wordEnd(bytes: Buffer, start: number): number | JsonFault {
  let end = start;
  while (end < bytes.length && !isSpace(bytes[end]) && !',]}:'.includes(String.fromCharCode(bytes[end] as number)))
    end++;
  const word = bytes.toString('latin1', start, Math.min(end, start + 400));
  const isValue = /^(?:null|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(word);
  return isValue ? end : { offset: start, message: 'a value is expected: a text, a number, true, false, null, { or [' };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
