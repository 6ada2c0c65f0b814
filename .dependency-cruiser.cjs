/**
 * The one rule of direction, kept by a tool: which package may import which, no cycles, and no Node in pure packages.
 * A new package adds a line to the table; ARCHITECTURE.md explains it.
 */

/** What the sources of each package may import: workspace packages by folder, then packages from npm. */
const mayImport = {
  core: [[], ['zod']],
  scheduling: [['core'], []],
  snapshot: [['core'], ['yaml', 'kubernetes-types']],
  catalog: [['core'], []],
  testkit: [
    ['core', 'scheduling'],
    ['fast-check', 'zod'],
  ],
  'engine-binpack': [['core', 'scheduling', 'catalog'], ['zod']],
  cli: [
    ['core', 'scheduling', 'snapshot', 'catalog', 'engine-binpack'],
    ['cli-table3', 'commander', 'yaml', 'zod'],
  ],
};

const pure = Object.keys(mayImport).filter((name) => /^(core|scheduling|catalog|engine-.*)$/.test(name));
const any = (names) => `(${names.join('|')})`;

const boundaries = Object.entries(mayImport).map(([name, [packages, modules]]) => ({
  name: `${name}-imports`,
  comment: `packages/${name}/src may import ${[...packages, ...modules].join(', ') || 'nothing'}; move the code, or change the table on purpose.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    dependencyTypesNot: ['core'],
    couldNotResolve: false,
    pathNot: [
      `^packages/${any([name, ...packages])}/src/`,
      ...(modules.length > 0 ? [`(^|/)node_modules/${any(modules)}/`] : []),
    ],
  },
}));

/** The packages whose sources import the package, directly or through others. */
function dependantsOf(name) {
  const direct = Object.keys(mayImport).filter((other) => mayImport[other][0].includes(name));
  return [...new Set([...direct, ...direct.flatMap(dependantsOf)])];
}

// Tests may import more than sources, but not what imports their package: the two could then not be released in order.
const testBoundaries = Object.keys(mayImport)
  .filter((name) => dependantsOf(name).length > 0)
  .map((name) => ({
    name: `${name}-tests-import-no-dependant`,
    comment: `The tests of ${name} may not import ${dependantsOf(name).join(', ')}, which depend on it.`,
    severity: 'error',
    from: { path: `^packages/${name}/test/` },
    to: { path: `^packages/${any(dependantsOf(name))}/src/` },
  }));

module.exports = {
  forbidden: [
    ...boundaries,
    ...testBoundaries,
    {
      name: 'testkit-tests-no-engine',
      comment: 'Engines test themselves with the testkit, so the testkit tests itself without engines.',
      severity: 'error',
      from: { path: '^packages/testkit/' },
      to: { path: '^packages/engine-[^/]+/' },
    },
    {
      name: 'pure-packages-use-no-node',
      comment:
        'A decision is a function of its request: no file system, network or process. Put I/O into a host or an adapter.',
      severity: 'error',
      from: { path: `^packages/${any(pure)}/src/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'package-in-the-table',
      comment: 'This package has no line in the table of .dependency-cruiser.cjs, so nothing keeps its direction.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: `^packages/${any(Object.keys(mayImport))}/src/` },
      to: {},
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other to run are one idea, or miss a third. Types may refer to each other: an interface and what it is made of often do.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'sources-do-not-use-tests',
      comment: 'Test code is not shipped.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '(^packages/[^/]+/test/|^test-support/)' },
    },
    {
      name: 'no-unresolvable',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'other-packages-by-name',
      comment: 'Import another package by its name: a path into its folder works here and breaks once it is published.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The bin leads to dist, which a clone does not have before its first build.
    exclude: { path: '^packages/[^/]+/(dist|bin)/' },
    // An import of a type is an import: it ties the packages together all the same.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
