/**
 * Prints the sum of the totals that several test runs ended with, and fails when any test or run failed.
 *
 *   node scripts/sum-totals.mjs RUNS_THAT_FAILED LOG...
 */
import { readFileSync } from 'node:fs';
import { parseSentence, sentence, sum } from './lib/totals.mjs';

const [runsThatFailed, ...logs] = process.argv.slice(2);

// A run that was cut short has no totals at its end; it must not vanish from the sum.
const total = sum(logs.map((log) => parseSentence(lastLine(log)) ?? { passed: 0, failed: 1, skipped: 0 }));
if (Number(runsThatFailed) > 0) console.log(`${runsThatFailed} of ${logs.length} runs failed`);
console.log(sentence(total));
if (total.failed > 0 || Number(runsThatFailed) > 0) process.exitCode = 1;

function lastLine(log) {
  return readFileSync(log, 'utf8').trimEnd().split(/\r?\n/).at(-1);
}
