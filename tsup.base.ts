import type { Options } from 'tsup';

/**
 * JavaScript only: tsup's own declarations step does not run on TypeScript 6 (it sets the deprecated baseUrl), so
 * scripts/build.mjs lets tsc write them. Kept this small so that a move to another bundler is a change of one file.
 */
export const library: Options = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  sourcemap: true,
  // Every import of another package stays an import: two copies of core in one process would be two contracts.
  skipNodeModulesBundle: true,
  external: [/^@cloudoptim\//],
  // tsup strips it by default; with it, a reader and a bundler can tell a built-in from a package.
  removeNodeProtocol: false,
  silent: true,
  // Puts constants where they are used: bundled, they would be variables, which V8 reads and checks anew in the inmost loops. Of a file that
  // imports anything esbuild inlines none, so layouts of rows have files of their own.
  esbuildOptions(options) {
    options.minifySyntax = true;
  },
};
