import { memoryLimitBytes } from './decision.js';
import { InvalidPlan } from './errors/invalid-plan.js';
import type { JsonValue } from './json.js';
import { plainJson } from './plain-json.js';

/** The memory as plain JSON. Throws InvalidPlan when it is larger than `memoryLimitBytes` or JSON cannot carry it. */
export function checkedMemory(engine: string, memory: JsonValue | undefined): JsonValue | undefined {
  if (memory === undefined) return undefined;
  const { value, issues } = plainJson(memory, 'memory');
  if (issues.length > 0) throw new InvalidPlan(`Engine ${engine}`, issues);
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes > memoryLimitBytes) {
    const message = `it takes ${bytes} bytes of JSON and at most ${memoryLimitBytes} are kept; remember less, or coarser.`;
    throw new InvalidPlan(`Engine ${engine}`, [{ path: 'memory', message }]);
  }
  return value;
}
