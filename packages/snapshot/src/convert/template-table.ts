import type { PodTemplate } from '@cloudoptim/core';
import { byText } from '../order.js';

/** Pod templates by content. The JSON text is the key, so two pods share a template exactly when nothing tells them apart. */
export class TemplateTable {
  private readonly numbers = new Map<string, number>();
  private readonly templates: PodTemplate[] = [];
  private readonly keys: string[] = [];

  /** The number of an equal template, or a new one. */
  add(template: PodTemplate): number {
    const key = JSON.stringify(template);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.templates.length;
    this.numbers.set(key, number);
    this.templates.push(template);
    this.keys.push(key);
    return number;
  }

  get(number: number): PodTemplate {
    return this.templates[number] as PodTemplate;
  }

  /** The used templates ordered by namespace and content, and where each number went: independent of the order of arrival. */
  compact(used: Iterable<number>): {
    readonly templates: PodTemplate[];
    readonly indexOf: ReadonlyMap<number, number>;
  } {
    const numbers = [...new Set(used)].sort(
      (a, b) =>
        byText(this.get(a).namespace, this.get(b).namespace) || byText(this.keys[a] as string, this.keys[b] as string),
    );
    return {
      templates: numbers.map((number) => this.get(number)),
      indexOf: new Map(numbers.map((number, index) => [number, index])),
    };
  }
}
