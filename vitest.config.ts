import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('./packages', import.meta.url));

// Tests read the sources of every package, so they never run against a stale build.
const alias = [{ find: /^@cloudoptim\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` }];

const tenMinutes = 600_000;
const sixHours = 6 * 3_600_000;

export default defineConfig({
  test: {
    // Projects of their own, because a law may rightly run for hours and a unit test that takes a minute is a bug; and the
    // e2e tests need programs that are built first.
    projects: [
      {
        resolve: { alias },
        test: { name: 'unit', include: ['packages/*/test/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        resolve: { alias },
        test: {
          name: 'laws',
          include: ['packages/*/test/**/*.laws.ts'],
          testTimeout: process.env.CLOUDOPTIM_LAW_RUNS ? sixHours : tenMinutes,
        },
      },
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
