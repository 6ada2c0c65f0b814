import assert from 'node:assert/strict';
import { parseQuantity } from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';

assert.equal(typeof new BinpackEngine().id, 'string');
assert.ok(parseQuantity('100m') < parseQuantity('1'));
for (const name of ['scheduling', 'snapshot', 'catalog', 'testkit']) {
  assert.ok(Object.keys(await import(`@cloudoptim/${name}`)).length > 0, `@cloudoptim/${name} exports nothing`);
}
