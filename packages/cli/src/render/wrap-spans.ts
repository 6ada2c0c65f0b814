import type { Span } from './block.js';

/**
 * Breaks text at blanks into lines of at most `width` characters; a word that is longer has a line of its own. One line when
 * no width is given. Too narrow a width (a terminal of 20 columns) is widened: one word a line reads worse than a long line.
 */
export function wrapSpans(spans: readonly Span[], width: number | undefined): readonly (readonly Span[])[] {
  if (width === undefined) return [spans];
  const most = Math.max(width, narrowest);
  const lines: Span[][] = [[]];
  let used = 0;
  for (const span of spans) {
    const text = typeof span === 'string' ? span : span.text;
    // Words with the blanks before them, so that nothing but a line break is lost.
    for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
      const length = [...word].length;
      if (used > 0 && used + length > most && /^\s/.test(word)) {
        lines.push([]);
        used = 0;
      }
      const shown = used === 0 && lines.length > 1 ? word.trimStart() : word;
      lines.at(-1)?.push(typeof span === 'string' ? shown : { ...span, text: shown });
      used += [...shown].length;
    }
  }
  return lines;
}

const narrowest = 40;
