import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const attempts = 4;

/**
 * The folder of a Go module, in the version that the module in `cwd` requires. It is downloaded where it is not there yet: `go list`
 * says nothing of a module that nobody has built with, and on a new machine another test may build with it only later. Rejects with
 * Go's complaint when the download fails four times.
 */
export async function goModule(name: string, cwd: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', name], { cwd });
      return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
    } catch (error) {
      if (attempt === attempts) throw error;
      await setTimeout(2_000 * 2 ** attempt);
    }
  }
}
