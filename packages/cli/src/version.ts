import { readFileSync } from 'node:fs';

/** The version of this package; its package.json lies beside src and beside dist alike. */
export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
