/**
 * Names in a dump are data: a node may be called `\x1b[2J`, and a bidirectional override may make one name read as another.
 * Whatever could move the cursor, hide or reorder is shown as its escape.
 */
export function displayText(text: string): string {
  return text.replace(unsafe, escapeOf);
}

/** As `displayText`, clipped to `width` characters with an ellipsis in its last place. */
export function clippedText(text: string, width: number): string {
  const shown = displayText(text);
  const characters = [...shown];
  return characters.length <= width ? shown : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Controls, formats (bidirectional, zero-width, tags), line separators, lone surrogates, private use, and what is drawn as nothing. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
