import { describe, it } from 'node:test';
import { describeEngineConformance, exampleEngines } from '../../src/index.js';

const engine = exampleEngines.find(({ id }) => id === 'example-office-hours');
if (engine === undefined) throw new Error('there is no engine example-office-hours');
describeEngineConformance({ engine, runs: 5, seed: 1, test: { describe, it } });
