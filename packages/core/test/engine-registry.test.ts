import { expect, it } from 'vitest';
import { z } from 'zod';
import { ContractMismatch, DuplicateEngine, defineEngine, EngineNotFound, EngineRegistry } from '../src/index.js';

function engine(id: string, contractVersion: 'v1' = 'v1') {
  return defineEngine({
    id,
    version: '1.0.0',
    contractVersion,
    considers: [],
    requires: [],
    options: z.object({}),
    decide: () => ({ groups: [], rejections: [] }),
  });
}

it('keeps engines by id, in the order of their registration', () => {
  const [b, a] = [engine('b'), engine('a')];
  const registry = new EngineRegistry().register(b).register(a);
  expect(registry.list()).toEqual([b, a]);
  expect(registry.get('a')).toBe(a);
  expect([registry.has('a'), registry.has('__proto__')]).toEqual([true, false]);
});

it('names the engines it knows when it does not know one', () => {
  const registry = new EngineRegistry().register(engine('binpack'));
  expect(() => registry.get('binpak')).toThrow('No engine "binpak" is registered. Known: binpack.');
  expect(() => registry.get('constructor')).toThrow(expect.toSatisfy(EngineNotFound.isInstance));
});

it('refuses a second engine of the same id, and one of another contract', () => {
  const registry = new EngineRegistry().register(engine('a'));
  expect(() => registry.register(engine('a'))).toThrow(expect.toSatisfy(DuplicateEngine.isInstance));
  expect(() => registry.register(engine('b', 'v2' as 'v1'))).toThrow(expect.toSatisfy(ContractMismatch.isInstance));
  expect(registry.list()).toHaveLength(1);
});
