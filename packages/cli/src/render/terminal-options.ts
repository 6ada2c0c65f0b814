import { type Io, wantsColour } from '../io.js';
import type { TerminalOptions } from './terminal.js';

/** Colours and line width of what stdout is. */
export function terminalOptions({ stdout, env }: Pick<Io, 'stdout' | 'env'>): TerminalOptions {
  const { columns, isTTY } = stdout;
  return {
    colour: wantsColour(stdout, env),
    ...(isTTY && columns !== undefined && columns > 0 ? { width: columns } : {}),
  };
}
