/** Single bytes of JSON text, for the scanner and its messages. */

export function isByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}

/** Bytes of numbers and of true, false and null, and of what people write in their place. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  );
}

export function shownByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `the byte 0x${byte.toString(16).padStart(2, '0')}`;
}

/** Windows PowerShell's `>` writes UTF-16. */
export function utf16Hint(byte: number): string {
  return byte === 0xff || byte === 0xfe || byte === 0
    ? '; the input looks like UTF-16, as PowerShell writes with ">": write it as UTF-8 (Out-File -Encoding utf8)'
    : '';
}
