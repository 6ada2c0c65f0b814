import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/render/block.js';
import { clippedText, displayText } from '../../src/render/display-text.js';
import { escapeMarkdown, renderMarkdown } from '../../src/render/markdown.js';
import { dollars, perMonth, roughDuration } from '../../src/render/money.js';
import { renderTerminal } from '../../src/render/terminal.js';

const hostile = '\u001b[2J\u001b]0;owned\u0007|`*_<b>[x](http://evil)\u202egnp.exe\u200b@team #1\r\nRow\u0085\ud800';

describe('displayText', () => {
  it('shows what moves the cursor, hides or reorders as its escape', () => {
    const shown = displayText(hostile);
    expect(shown).toContain('\\x1b[2J');
    expect(shown).toContain('\\u{202e}gnp.exe\\u{200b}');
    expect(shown).toContain('\\x0d\\x0aRow\\x85\\u{d800}');
    expect(shown).toMatch(/^[\x20-\x7e]*$/);
  });

  it('leaves names in any script as they are', () => {
    expect(displayText('naïve-サービス-🚀')).toBe('naïve-サービス-🚀');
  });

  it('clips by character, not by half of one', () => {
    expect(clippedText('🚀🚀🚀🚀', 3)).toBe('🚀🚀…');
  });
});

const blocks: Block[] = [
  { kind: 'heading', text: hostile },
  { kind: 'facts', rows: [['Name', hostile]] },
  {
    kind: 'table',
    columns: [{ title: 'node' }, { title: '$/h', align: 'right' }],
    rows: [
      [hostile, '1.0'],
      ['__proto__', [{ text: '2', tone: 'good' }]],
    ],
  },
  { kind: 'list', items: ['1. not a list', '# not a heading', 'www.evil.example'] },
  { kind: 'commands', lines: ['echo ```` `x`'] },
];

describe('renderTerminal', () => {
  it('prints no control character but line breaks without colour', () => {
    const text = renderTerminal(blocks, { colour: false });
    expect(text.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
    expect(text).toContain('__proto__');
  });

  it('prints only its own colours with colour', () => {
    const text = renderTerminal(blocks, { colour: true });
    for (const code of text.split('\u001b').slice(1)) expect(code).toMatch(/^\[(0|1|2|31|32|33)m/);
    expect(text).toContain('\u001b[32m2\u001b[0m');
  });

  it('keeps every row of a table on one line', () => {
    const text = renderTerminal([{ kind: 'table', columns: [{ title: 'a' }], rows: [['x'.repeat(500)], ['y\nz']] }], {
      colour: false,
    });
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('wrapping', () => {
  const text = [
    { text: 'no-room', tone: 'strong' as const },
    ': pod a fits on none of the other nodes that stay, and no cheaper node would take it',
  ];

  it('keeps lines within the terminal, indented under their item', () => {
    const lines = renderTerminal([{ kind: 'list', items: [text] }], { colour: false, width: 50 })
      .trimEnd()
      .split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(50);
    expect(lines.slice(1).every((line) => /^ {4}\S/.test(line))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(
      `- ${text.map((span) => (typeof span === 'string' ? span : span.text)).join('')}`,
    );
  });

  it('does not wrap what goes into a pipe', () => {
    expect(
      renderTerminal([{ kind: 'list', items: [text] }], { colour: false })
        .trimEnd()
        .split('\n'),
    ).toHaveLength(1);
  });

  it('leaves a word that is longer than the line whole', () => {
    expect(
      renderTerminal([{ kind: 'paragraph', text: `a ${'x'.repeat(90)} b` }], { colour: false, width: 50 }).trimEnd(),
    ).toBe(`a\n${'x'.repeat(90)}\nb`);
  });
});

describe('renderMarkdown', () => {
  const markdown = renderMarkdown(blocks);

  it('lets no name become markup, a link, a mention or a second cell', () => {
    expect(markdown).not.toMatch(/<b>|(?<!\\)\]\(|@team|http:\/\/|[^\\]`\*/);
    const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(4);
  });

  it('lets no item become a list, a heading or a link', () => {
    expect(markdown).toContain('- 1\\. not a list');
    expect(markdown).toContain('- \\# not a heading');
    expect(markdown).not.toContain('www.evil');
  });

  it('leaves figures as they are', () => {
    expect(escapeMarkdown('0.3840')).toBe('0.3840');
    expect(escapeMarkdown('-0.5')).toBe('-0.5');
    expect(escapeMarkdown('$0.10 (2 nodes)')).toBe('\\$0.10 (2 nodes)');
  });

  it('fences commands so that none can close the fence', () => {
    expect(markdown).toContain('`````\necho ```` `x`\n`````');
  });
});

describe('money', () => {
  it('groups thousands, keeps the sign outside and never prints minus zero', () => {
    expect(dollars(1234567.891, 2)).toBe('$1,234,567.89');
    expect(dollars(-12.5, 2)).toBe('-$12.50');
    expect(dollars(-0.001, 2)).toBe('$0.00');
  });

  it('counts a month as 730 hours', () => {
    expect(perMonth(2.7952)).toBe('$2,040/month');
    expect(perMonth(0.01)).toBe('$7.30/month');
  });

  it('tells durations roughly', () => {
    expect([30_000, 59 * 60_000, 47 * 3_600_000, 49 * 3_600_000].map(roughDuration)).toEqual([
      '1 minute',
      '59 minutes',
      '47 hours',
      '2 days',
    ]);
  });
});
