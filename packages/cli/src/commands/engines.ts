import { builtinEngines, defaultEngine } from '../engines/builtin-engines.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { Io } from '../io.js';
import { renderTerminal } from '../render/terminal.js';
import { terminalOptions } from '../render/terminal-options.js';

export interface EnginesOptions {
  readonly output: 'table' | 'json';
}

/** Lists the built-in engines and tells how to use others. */
export async function engines({ output }: EnginesOptions, io: Io): Promise<ExitCode> {
  const known = await Promise.all(
    builtinEngines.map(async ({ id, packageName, load }) => {
      const engine = await load();
      const { version, description = '', considers, requires } = engine;
      return {
        id,
        version,
        package: packageName,
        description,
        considers,
        requires,
        options: engine.optionsJsonSchema(),
      };
    }),
  );
  if (output === 'json') {
    await io.stdout.write(`${JSON.stringify(known, null, 2)}\n`);
    return exitCode.done;
  }
  const text = renderTerminal(
    [
      {
        kind: 'table',
        columns: [
          { title: 'engine' },
          { title: 'version' },
          { title: 'considers' },
          { title: 'needs' },
          { title: 'what it does' },
        ],
        rows: known.map(({ id, version, considers, requires, description }) => [
          id === defaultEngine ? `${id} (default)` : id,
          version,
          considers.join(', '),
          requires.join(', '),
          description,
        ]),
      },
      {
        kind: 'paragraph',
        text: 'Another engine: --engine ./my-engine.mjs, or --engine NAME for a package installed in this folder. Both run its code.',
      },
    ],
    terminalOptions(io),
  );
  await io.stdout.write(text);
  return exitCode.done;
}
