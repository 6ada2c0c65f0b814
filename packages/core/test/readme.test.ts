import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('./fixtures/readme-engine.ts', import.meta.url), 'utf8');

it('opens with the engine that is run here, and says what it prints', async () => {
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(example.replace('export const { plan }', 'const { plan }'));
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const { plan } = await import('./fixtures/readme-engine.js');
  expect(plan.savingsUsdPerHour).toMatchObject({ point: 0.1632, confidence: 1 });
  expect(plan.rejections).toHaveLength(1);
  expect(readme).toContain(`\n${String(log.mock.calls[0]?.[0])}\n`);
});
