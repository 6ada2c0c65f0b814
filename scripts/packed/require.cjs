const assert = require('node:assert/strict');
const { parseQuantity } = require('@cloudoptim/core');
const { BinpackEngine } = require('@cloudoptim/engine-binpack');

assert.equal(typeof new BinpackEngine().id, 'string');
assert.ok(parseQuantity('100m') < parseQuantity('1'));
for (const name of ['scheduling', 'snapshot', 'catalog', 'testkit']) {
  assert.ok(Object.keys(require(`@cloudoptim/${name}`)).length > 0, `@cloudoptim/${name} exports nothing`);
}
