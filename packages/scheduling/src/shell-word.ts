/**
 * A name as one word of a POSIX shell. Names come from dumps that anybody may have written, and remedies are lines that people
 * paste: `x; rm -rf ~` must stay a name.
 */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_.:@/-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
