import type { Io } from '../io.js';
import type { Block } from '../render/block.js';
import { terminalOptions } from '../render/terminal-options.js';

export type OutputFormat = 'table' | 'json' | 'yaml' | 'markdown';

/** Prints a document as data, or what it says as a table or a Markdown page. `blocksAt` takes the wall clock, for ages. */
export async function printDocument(
  document: unknown,
  format: OutputFormat,
  blocksAt: (nowMs: number) => readonly Block[],
  io: Io,
): Promise<void> {
  await io.stdout.write(await formatted());

  async function formatted(): Promise<string> {
    switch (format) {
      case 'json':
        return `${JSON.stringify(document, null, 2)}\n`;
      case 'yaml': {
        const { stringify } = await import('yaml');
        // No anchors: two fields that happen to share a value are still two fields to whoever edits the file.
        return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
      }
      case 'markdown': {
        const { renderMarkdown } = await import('../render/markdown.js');
        return renderMarkdown(blocksAt(io.nowMs()));
      }
      case 'table': {
        const { renderTerminal } = await import('../render/terminal.js');
        return renderTerminal(blocksAt(io.nowMs()), terminalOptions(io));
      }
    }
  }
}
