import { isNodeNewEnough } from './lib/check-node.mjs';

// The rest is imported only after the check: an old Node could not even read it.
if (isNodeNewEnough()) import('./lib/test.mjs');
else process.exitCode = 1;
