import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('./packages', import.meta.url));

// Tests read the sources of every package, so they never run against a stale build.
const alias = [{ find: /^@cloudoptim\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` }];

// Files of tests share their modules: to load them anew for each takes a third of the time of the unit tests. The sources keep no
// state that a file could see of another's, and the unit tests pass in any order of files (`--sequence.shuffle.files`).
const isolate = false;

const tenMinutes = 600_000;
const sixHours = 6 * 3_600_000;

/**
 * The laws in so many parts, each with its share of the cases and the next seed, so that vitest spreads even one long
 * law over all cores. One part is the plain run, with the seed and the number of runs of the environment.
 */
function lawParts(parts: number) {
  const { CLOUDOPTIM_LAW_RUNS: runs, CLOUDOPTIM_LAW_SEED: seed } = process.env;
  return Array.from({ length: parts }, (_, part) => ({
    resolve: { alias },
    test: {
      name: parts === 1 ? 'laws' : `laws ${part + 1} of ${parts}`,
      include: ['packages/*/test/**/*.laws.ts'],
      setupFiles: ['test-support/law-progress.ts'],
      isolate,
      testTimeout: runs ? sixHours : tenMinutes,
      env: {
        ...(runs && { CLOUDOPTIM_LAW_RUNS: String(Math.ceil(Number(runs) / parts)) }),
        ...(seed && { CLOUDOPTIM_LAW_SEED: String(Number(seed) + part) }),
      },
    },
  }));
}

export default defineConfig({
  test: {
    // Projects of their own, because a law may rightly run for hours and a unit test that takes a minute is a bug; and the
    // e2e tests need programs that are built first.
    projects: [
      {
        resolve: { alias },
        // The differences that the e2e tests found are asked again without a server.
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'e2e/**/*.test.ts'],
          isolate,
          testTimeout: 60_000,
        },
      },
      ...lawParts(Number(process.env.CLOUDOPTIM_LAW_PARTS ?? 1)),
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          // One control plane at a time: two cores are soon busy.
          fileParallelism: false,
          testTimeout: sixHours,
          hookTimeout: tenMinutes,
        },
      },
    ],
  },
});
