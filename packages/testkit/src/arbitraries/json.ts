import type { JsonValue } from '@cloudoptim/core';
import fc from 'fast-check';
import { arbitraryRecord } from './adversarial.js';

/** Values that survive JSON unchanged, adversarial keys included. */
export function arbitraryJsonValue(): fc.Arbitrary<JsonValue> {
  return fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonValue>(null, true, false, 0, 1, -1.5, 2 ** 53, '', 'text', '__proto__'),
      fc.array(tie('value'), { maxLength: 3 }),
      arbitraryRecord(tie('value')),
    ),
  })).value;
}
