/**
 * Installs the packages the way a user does, from tarballs in an empty project, and uses them: what works in the
 * workspace can still miss a file, a dependency or an export once it is packed.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withTarballs } from './lib/pack.mjs';
import { root } from './lib/packages.mjs';
import { installed, limit, runNode, runNpm } from './lib/run.mjs';

// How TypeScript users resolve modules today; each must find the types that belong to the JavaScript it will run.
const typeScriptModes = [
  { file: 'program.mts', module: 'node16', moduleResolution: 'node16' },
  { file: 'program.cts', module: 'node16', moduleResolution: 'node16' },
  { file: 'program.mts', module: 'nodenext', moduleResolution: 'nodenext' },
  { file: 'program.cts', module: 'nodenext', moduleResolution: 'nodenext' },
  { file: 'program.mts', module: 'esnext', moduleResolution: 'bundler' },
];

let failed = false;

await withTarballs(async (tarballs, folder) => {
  const project = join(folder, 'project');
  mkdirSync(project);
  const manifest = (file) => JSON.stringify(file, undefined, 2);
  writeFileSync(
    join(project, 'package.json'),
    manifest({
      name: 'a-user-of-cloudoptim',
      private: true,
      dependencies: Object.fromEntries(tarballs.map(({ name, tarball }) => [name, `file:../${basename(tarball)}`])),
    }),
  );
  cpSync(join(root, 'scripts', 'packed'), project, { recursive: true });

  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  if (!(await check('npm install of the tarballs', runNpm(['install', ...flags], { cwd: project })))) return;

  await check('ES module import', runNode('import.mjs', [], { cwd: project }));
  await check('CommonJS require', runNode('require.cjs', [], { cwd: project }));
  await check(
    'cloudoptim --version',
    runNode(join('node_modules', '@cloudoptim', 'cli', 'bin', 'cloudoptim.js'), ['--version'], { cwd: project }),
  );

  const twoAtATime = limit(2);
  await Promise.all(
    typeScriptModes.map(({ file, ...resolution }) => {
      // skipLibCheck is off on purpose: it hides declarations that import what the package does not depend on.
      const options = { target: 'es2023', strict: true, noEmit: true, types: [], skipLibCheck: false, ...resolution };
      const config = `tsconfig.${resolution.moduleResolution}.${file}.json`;
      writeFileSync(join(project, config), manifest({ compilerOptions: options, files: [file] }));
      const compiling = twoAtATime(() =>
        runNode(installed('typescript', 'bin', 'tsc'), ['-p', config], { cwd: project }),
      );
      return check(`TypeScript ${resolution.moduleResolution}, ${file}`, compiling);
    }),
  );
});

if (failed) process.exitCode = 1;

async function check(what, running) {
  const { code, output } = await running;
  console.log(`${code === 0 ? 'ok ' : 'BAD'}  ${what}${code === 0 ? '' : `\n${output.trim()}`}`);
  if (code !== 0) failed = true;
  return code === 0;
}
