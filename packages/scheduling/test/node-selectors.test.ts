import { describe, expect, test } from 'vitest';
import { meetsRequirement } from '../src/index.js';

describe('requirements of node selectors', () => {
  const labels = { zone: 'a', cpu: '8' };
  test.each([
    ['In', ['a', 'b'], true],
    ['In', ['b'], false],
    ['NotIn', ['b'], true],
    ['NotIn', ['a'], false],
    ['Exists', [], true],
    ['DoesNotExist', [], false],
  ] as const)('zone %s %j is %s', (operator, values, met) => {
    expect(meetsRequirement(labels, { key: 'zone', operator, values: [...values] })).toBe(met);
  });
  test('Gt and Lt compare numbers, and an absent label is neither', () => {
    expect(meetsRequirement(labels, { key: 'cpu', operator: 'Gt', values: ['4'] })).toBe(true);
    expect(meetsRequirement(labels, { key: 'cpu', operator: 'Lt', values: ['10'] })).toBe(true);
    expect(meetsRequirement(labels, { key: 'gpu', operator: 'Lt', values: ['10'] })).toBe(false);
  });
  // A pool's requirement was once compared as JavaScript compares, where an empty label is zero.
  test.each([
    ['Lt', ''],
    ['Lt', '7.5'],
    ['Gt', '0x10'],
    ['Lt', ' 4'],
  ] as const)('%s holds for no label but a whole number: %j', (operator, cpu) => {
    expect(meetsRequirement({ cpu }, { key: 'cpu', operator, values: ['8'] })).toBe(false);
  });
  test('a key that every object inherits is not a label', () => {
    expect(meetsRequirement(labels, { key: 'constructor', operator: 'Exists' })).toBe(false);
  });
});
