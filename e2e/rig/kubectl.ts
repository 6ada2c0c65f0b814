import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { asset } from './assets.js';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with the rig's kubectl first on the PATH and KUBECONFIG set. Output is text. */
export function run(program: string, args: readonly string[], kubeconfig: string, cwd?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      NO_COLOR: '1',
      PATH: `${dirname(asset('kubectl'))}:${process.env.PATH ?? ''}`,
    };
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** What kubectl prints; throws with what it complains of when it fails. */
export async function kubectl(args: readonly string[], kubeconfig: string, cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await run(asset('kubectl'), args, kubeconfig, cwd);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}
