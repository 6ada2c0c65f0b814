import Table from 'cli-table3';
import { type Block, spansOf, type Text, type Tone } from './block.js';
import { clippedText, displayText } from './display-text.js';
import { wrapSpans } from './wrap-spans.js';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Characters to a line; text is not wrapped when absent, so that pipes can search it by line. */
  readonly width?: number;
}

/** A cell longer than this is clipped: a name of a kilobyte must not push the figures off the screen. */
const widestCell = 72;
const codes: Readonly<Record<Tone, string>> = { good: '32', warn: '33', bad: '31', dim: '2', strong: '1' };
/** No frame: lines of blanks align well in terminals, logs and mails. */
const frameless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '   ',
};

/** Blocks as text for a terminal, with ANSI colours when asked for. */
export function renderTerminal(blocks: readonly Block[], { colour, width }: TerminalOptions): string {
  const paint = (text: string, tone: Tone) => (colour ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text);
  /** Text in lines that fit, the second and later ones indented by `indent`; the first begins after as much. */
  const inline = (text: Text, indent: number) =>
    wrapSpans(spansOf(text), width === undefined ? undefined : width - indent)
      .map((line) =>
        line
          .map((span) => (typeof span === 'string' ? displayText(span) : paint(displayText(span.text), span.tone)))
          .join(''),
      )
      .join(`\n${' '.repeat(indent)}`);
  const cell = (text: Text) =>
    spansOf(text)
      .map((span) =>
        typeof span === 'string' ? clippedText(span, widestCell) : paint(clippedText(span.text, widestCell), span.tone),
      )
      .join('');

  return blocks.map((block) => `${renderBlock(block)}\n`).join('\n');

  function renderBlock(block: Block): string {
    switch (block.kind) {
      case 'heading':
        return paint(displayText(block.text), 'strong');
      case 'paragraph':
        return inline(block.text, 0);
      case 'facts': {
        const labelWidth = Math.max(...block.rows.map(([label]) => label.length));
        return block.rows
          .map(([label, value]) => `  ${label.padEnd(labelWidth)}   ${inline(value, labelWidth + 5)}`)
          .join('\n');
      }
      case 'list':
        return block.items.map((item) => `  - ${inline(item, 4)}`).join('\n');
      case 'commands':
        return block.lines.map((line) => `    ${displayText(line)}`).join('\n');
      case 'table': {
        const table = new Table({
          chars: frameless,
          style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
          colAligns: block.columns.map((column) => column.align ?? 'left'),
          head: block.columns.map((column) => paint(column.title, 'dim')),
        });
        for (const row of block.rows) table.push(row.map(cell));
        const lines = table
          .toString()
          .split('\n')
          .map((line) => line.trimEnd());
        if (block.more !== undefined) lines.push(`  ${paint(displayText(block.more), 'dim')}`);
        return lines.join('\n');
      }
    }
  }
}
