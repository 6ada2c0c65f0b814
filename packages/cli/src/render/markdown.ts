import { type Block, spansOf, type Text } from './block.js';
import { displayText } from './display-text.js';

/** Blocks as GitHub-flavoured Markdown, for a pull request or an issue. Names cannot become markup, links or mentions. */
export function renderMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${escapeMarkdown(block.text)}`;
    case 'paragraph':
      return inline(block.text);
    case 'facts':
      return table(
        ['', ''],
        ['left', 'left'],
        block.rows.map(([label, value]) => [label, value]),
      );
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'commands':
      return fenced(block.lines);
    case 'table': {
      const rows = table(
        block.columns.map((column) => column.title),
        block.columns.map((column) => column.align ?? 'left'),
        block.rows,
      );
      return block.more === undefined ? rows : `${rows}\n\n${escapeMarkdown(block.more)}`;
    }
  }
}

/** Everything that GitHub's Markdown, its autolinks, mentions and references, or HTML could take for its own. */
export function escapeMarkdown(text: string): string {
  return (
    displayText(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_[\]#|~$]/g, '\\$&')
      // At the beginning of a line these would open a list or underline a heading.
      .replace(/^(\s*\d*)([-+=.)])(?=\s|$)/, '$1\\$2')
      .replace(/:\/\//g, ':&#47;&#47;')
      .replace(/\bwww\./gi, 'www&#46;')
      .replace(/@/g, '&#64;')
  );
}

function inline(text: Text): string {
  return spansOf(text)
    .map((span) => {
      if (typeof span === 'string') return escapeMarkdown(span);
      const shown = escapeMarkdown(span.text);
      return span.tone === 'strong' && shown.trim() === shown && shown !== '' ? `**${shown}**` : shown;
    })
    .join('');
}

function table(
  titles: readonly string[],
  aligns: readonly ('left' | 'right')[],
  rows: readonly (readonly Text[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(titles.map(escapeMarkdown)),
    line(aligns.map((align) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(inline))),
  ].join('\n');
}

/** A fence longer than any run of backticks inside, so that a name cannot close it. */
function fenced(lines: readonly string[]): string {
  const body = lines.map(displayText).join('\n');
  const longestRun = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return `${fence}\n${body}\n${fence}`;
}
