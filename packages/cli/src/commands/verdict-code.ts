import type { Verification } from '@cloudoptim/scheduling';
import { type ExitCode, exitCode } from '../exit-code.js';

export function verdictCode({ verdict }: Pick<Verification, 'verdict'>): ExitCode {
  switch (verdict) {
    case 'verified':
      return exitCode.done;
    case 'refused':
      return exitCode.refused;
    case 'conditional':
      return exitCode.conditional;
  }
}
