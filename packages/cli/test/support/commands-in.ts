import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/run.js';
import { memoryIo } from './memory-io.js';

/** Commands that run in a new folder, whose name tells whose it is, and files to give them. */
export function commandsIn(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `cloudoptim-${name}-`));
  return {
    folder,
    async cloudoptim(argv: readonly string[], given: Parameters<typeof memoryIo>[0] = {}) {
      const io = memoryIo({ cwd: folder, ...given });
      const code = await run(argv, io);
      return { code, out: io.out(), err: io.err() };
    },
    file(called: string, content: unknown): string {
      const path = join(folder, called);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
  };
}
