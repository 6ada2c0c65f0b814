import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const file = 'ec2-catalog/ec2_catalog_us-east-1_2026-07-20.csv.gz';

/** Beside the repository, never in it: see the catalogue's README. */
const sharedCatalogPath = fileURLToPath(new URL(`../../../../../shared/data/${file}`, import.meta.url));

export const sharedCatalogIsHere = existsSync(sharedCatalogPath);

/** The name of a suite that needs the set; when the set is absent it says which one and where it was looked for. */
export function needsSharedCatalog(title: string): string {
  return sharedCatalogIsHere ? title : `${title} (skipped: no data set ec2-catalog at ${sharedCatalogPath})`;
}

/** One row: column name to cell, blank being unknown. */
export type Row = Readonly<Record<string, string>>;

export function sharedCatalogRows(): readonly Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(sharedCatalogPath)).toString('utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** The value of a cell, which must be there. */
export function cell(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`the set has no column ${column}`);
  return value;
}

const wanted = ['vcpu', 'memory_gib', 'arch', 'max_pods_formula', 'on_demand_usd_us_east_1'];

/** Has vCPU, memory, architecture, pod limit and price. */
export function isComplete(row: Row): boolean {
  return wanted.every((column) => cell(row, column) !== '');
}

/** A decimal text as whole nano-dollars, without passing through a binary fraction. */
export function nanoUsd(decimal: string): number {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return Number(whole + fraction.padEnd(9, '0'));
}
