import { defineConfig } from 'tsup';
import { library } from '../../tsup.base.js';

// A program, not a library: only bin/cloudoptim.js imports it, so one format and no declarations.
export default defineConfig({ ...library, entry: ['src/main.ts'], format: ['esm'] });
