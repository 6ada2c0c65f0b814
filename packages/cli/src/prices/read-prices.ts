import type { CapacityType } from '@cloudoptim/core';
import { readTextFile } from '../input/read-text-file.js';
import { UserError } from '../user-error.js';
import { parseCsv } from './csv.js';
import type { PriceRow } from './price-row.js';

const fields = ['instanceType', 'zone', 'capacityType', 'usdPerHour', 'asOf'] as const;
const required = ['instanceType', 'capacityType', 'usdPerHour'] as const;
const capacityTypes: readonly CapacityType[] = ['on-demand', 'spot', 'reserved'];

/**
 * Reads a file of prices: CSV with a header, or a JSON list of objects, with the fields instanceType, zone (optional),
 * capacityType, usdPerHour and asOf (optional, ISO date). Throws UserError naming the file, the row and the field.
 */
export async function readPrices(path: string, cwd: string): Promise<PriceRow[]> {
  const text = await readTextFile(path, cwd, 'The price file');
  const rows = /^\s*[[{]/.test(text) ? rowsOfJson(text, path) : rowsOfCsv(text, path);
  if (rows.length === 0) throw new UserError(`${path} holds no prices. Its first line must be ${fields.join(',')}.`);
  const prices = rows.map(({ where, row }) => parseRow(row, where));
  refuseContradictions(prices, rows);
  return prices;
}

interface RawRow {
  readonly where: string;
  readonly row: Readonly<Partial<Record<(typeof fields)[number], unknown>>>;
}

function rowsOfCsv(text: string, file: string): RawRow[] {
  const [header, ...records] = parseCsv(text, file);
  const names = header?.cells ?? [];
  for (const name of required) {
    if (names.includes(name)) continue;
    throw new UserError(`${file}: the header has no column ${name}. It must be ${fields.join(',')}.`);
  }
  return records.map(({ line, cells }) => ({
    where: `${file}, line ${line}`,
    row: Object.fromEntries(
      fields
        .map((field) => [field, cells[names.indexOf(field)]])
        .filter(([, cell]) => cell !== undefined && cell !== ''),
    ),
  }));
}

function rowsOfJson(text: string, file: string): RawRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  if (!Array.isArray(value)) {
    throw new UserError(`${file} must be a JSON list of objects with ${fields.join(', ')}, or CSV with that header.`);
  }
  return value.map((row: unknown, index) => {
    if (typeof row === 'object' && row !== null && !Array.isArray(row))
      return { where: `${file}, entry ${index}`, row };
    throw new UserError(`${file}, entry ${index}: it must be an object with ${required.join(', ')}.`);
  });
}

function parseRow(row: RawRow['row'], where: string): PriceRow {
  const { instanceType, zone, asOf } = row;
  if (typeof instanceType !== 'string' || instanceType === '')
    throw wrong(where, 'instanceType', instanceType, 'a name such as m6i.large');
  if (zone !== undefined && (typeof zone !== 'string' || zone === ''))
    throw wrong(where, 'zone', zone, 'a zone such as us-east-1a');
  const capacityType = capacityTypes.find((one) => one === row.capacityType);
  if (capacityType === undefined)
    throw wrong(where, 'capacityType', row.capacityType, `one of ${capacityTypes.join(', ')}`);
  const usdPerHour = typeof row.usdPerHour === 'string' ? decimal(row.usdPerHour) : row.usdPerHour;
  if (typeof usdPerHour !== 'number' || !Number.isFinite(usdPerHour) || usdPerHour < 0 || usdPerHour > 100_000) {
    throw wrong(where, 'usdPerHour', row.usdPerHour, 'dollars per hour such as 0.0416');
  }
  const asOfMs = asOf === undefined ? undefined : time(asOf);
  if (asOfMs !== undefined && Number.isNaN(asOfMs)) throw wrong(where, 'asOf', asOf, 'a date such as 2026-07-20');
  return {
    instanceType,
    ...(zone === undefined ? {} : { zone }),
    capacityType,
    usdPerHour,
    ...(asOfMs === undefined ? {} : { asOfMs }),
  };
}

/** Number('') is 0 and Number('0x10') is 16: prices are plain decimals. */
function decimal(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Date.parse takes much; a price date is an ISO date. */
function time(value: unknown): number {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
}

/** Two prices for one offering: which one the user means cannot be told. */
function refuseContradictions(prices: readonly PriceRow[], rows: readonly RawRow[]): void {
  const seen = new Map<string, number>();
  prices.forEach((price, index) => {
    const key = `${price.instanceType}|${price.zone ?? ''}|${price.capacityType}`;
    const earlier = seen.get(key);
    if (earlier !== undefined && prices[earlier]?.usdPerHour !== price.usdPerHour) {
      throw new UserError(
        `${rows[index]?.where}: ${price.instanceType} ${price.capacityType}${price.zone === undefined ? '' : ` in ${price.zone}`} has another price at ${rows[earlier]?.where}. Keep one.`,
      );
    }
    seen.set(key, index);
  });
}

function wrong(where: string, field: string, value: unknown, wanted: string): UserError {
  const shown = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
  return new UserError(`${where}: ${field} is ${shown}; it must be ${wanted}.`);
}
