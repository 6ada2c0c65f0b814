import type { LabelSelector, PodTemplate } from '@cloudoptim/core';
import { selects } from '@cloudoptim/scheduling';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SelectedTemplates } from '../src/selected-templates.js';

const name = fc.constantFrom('a', 'b', 'constructor');
const labels = fc.dictionary(name, name, { maxKeys: 3 });
const templates = fc.array(
  fc.record({ namespace: name, labels }).map((own) => own as unknown as PodTemplate),
  { maxLength: 12 },
);
const selectors: fc.Arbitrary<LabelSelector | undefined> = fc.option(
  fc.record(
    {
      matchLabels: labels,
      matchExpressions: fc.array(
        fc.record({
          key: name,
          operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
          values: fc.array(name),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

// Each of nine thousand selectors was asked about each of eighty thousand templates: 13 of the 16 seconds that a mix of 150,000 pods took.
test('of templates the selector selects as many as if it were asked about every one', () => {
  fc.assert(
    fc.property(templates, fc.func(fc.boolean()), name, selectors, (all, isAmong, namespace, selector) => {
      const among = [...all.keys()].filter((index) => isAmong(index));
      const expected = among.filter((index) => {
        const own = all[index] as PodTemplate;
        return own.namespace === namespace && selects(selector, own.labels);
      });
      expect(new SelectedTemplates(all, among).of(namespace, selector)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});
