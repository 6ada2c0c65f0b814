import { describeEngineConformance } from '@cloudoptim/testkit';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { BinpackEngine } from '../src/index.js';

// The savings of every fixture are known by construction; the field asks for 90 %, and this engine finds all of them.
// More cases run as laws.
const { seed } = lawParameters();
describeEngineConformance({ engine: new BinpackEngine(), test: { describe, it }, runs: 60, seed, knownSavings: 1 });
