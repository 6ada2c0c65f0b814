/**
 * Runs in a package's folder before it is packed: Apache-2.0 asks that the licence and the notices travel with every
 * copy, and npm packs only what is inside the package. The copies are ignored by git.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/packages.mjs';

for (const name of ['LICENSE', 'NOTICE']) copyFileSync(join(root, name), join(process.cwd(), name));
