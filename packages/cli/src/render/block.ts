/** What a report says, before it is known whether a terminal or a Markdown page shows it. All text is raw; renderers make it safe. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: Text }
  /** Label and value, aligned. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: Text])[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Text[])[];
      /** How many rows there were beyond those given, and how to see them. */
      readonly more?: string;
    }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Lines to copy into a shell. */
  | { readonly kind: 'commands'; readonly lines: readonly string[] };

interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export type Tone = 'good' | 'warn' | 'bad' | 'dim' | 'strong';

export type Text = string | readonly Span[];

export type Span = string | { readonly text: string; readonly tone: Tone };

export function toned(tone: Tone, text: string): Text {
  return [{ text, tone }];
}

export function spansOf(text: Text): readonly Span[] {
  return typeof text === 'string' ? [text] : text;
}
