/**
 * How often the laws run, and from which seed. One place, so that `npm run test:laws -- --runs 100000 --seed 7`
 * reaches every law, and a law that failed can be repeated from the seed it printed.
 */

let printed = false;

/** How many cases a law runs: CLOUDOPTIM_LAW_RUNS when it is set, else what the law asks for. */
export function lawRuns(defaultRuns = 100): number {
  return readInteger('CLOUDOPTIM_LAW_RUNS', 1) ?? defaultRuns;
}

/**
 * The parameters that fast-check's `assert` takes: `fc.assert(property, lawParameters())`. Without CLOUDOPTIM_LAW_SEED
 * each process draws a seed, and prints it once, so that no failure is lost for want of its seed.
 */
export function lawParameters(defaultRuns = 100): { readonly numRuns: number; readonly seed: number } {
  const parameters = { numRuns: lawRuns(defaultRuns), seed: processSeed };
  if (!printed) {
    printed = true;
    process.stderr.write(`laws: seed ${parameters.seed}, ${parameters.numRuns} runs\n`);
  }
  return parameters;
}

const processSeed = readInteger('CLOUDOPTIM_LAW_SEED') ?? Math.floor(Math.random() * 0x7fffffff);

function readInteger(name: string, minimum = Number.MIN_SAFE_INTEGER): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new Error(`${name} is "${text}"; set it to a whole number${minimum > 0 ? ` of at least ${minimum}` : ''}`);
  }
  return value;
}
