import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPrices } from '../../src/prices/read-prices.js';

const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-prices-'));
async function read(text: string) {
  writeFileSync(join(folder, 'prices'), text);
  return readPrices('prices', folder);
}

describe('readPrices', () => {
  it('reads CSV with columns in any order, quotes, a byte order mark and Windows line ends', async () => {
    const csv =
      '\ufeffcapacityType,instanceType,usdPerHour,zone,asOf\r\n"spot",m6i.large,0.0312,us-east-1a,2026-07-20\r\non-demand,m6i.large,0.0672,,\r\n\r\n';
    expect(await read(csv)).toEqual([
      {
        instanceType: 'm6i.large',
        zone: 'us-east-1a',
        capacityType: 'spot',
        usdPerHour: 0.0312,
        asOfMs: Date.parse('2026-07-20'),
      },
      { instanceType: 'm6i.large', capacityType: 'on-demand', usdPerHour: 0.0672 },
    ]);
  });

  it('reads the same as JSON', async () => {
    expect(await read('[{"instanceType":"m6i.large","capacityType":"spot","usdPerHour":0.03}]')).toEqual([
      { instanceType: 'm6i.large', capacityType: 'spot', usdPerHour: 0.03 },
    ]);
  });

  it.each([
    ['instanceType,usdPerHour\nm6i.large,1', /has no column capacityType/],
    ['instanceType,capacityType,usdPerHour\nm6i.large,Spot,1', /line 2: capacityType is "Spot"; it must be one of/],
    ['instanceType,capacityType,usdPerHour\n\nm6i.large,spot,', /line 3: usdPerHour is missing/],
    ['instanceType,capacityType,usdPerHour\nm6i.large,spot,-1', /line 2: usdPerHour is "-1"/],
    ['instanceType,capacityType,usdPerHour\nm6i.large,spot,0x10', /usdPerHour is "0x10"/],
    ['instanceType,capacityType,usdPerHour\nm6i.large,spot,Infinity', /usdPerHour is "Infinity"/],
    ['instanceType,capacityType,usdPerHour,asOf\nm6i.large,spot,1,yesterday', /asOf is "yesterday"/],
    [
      'instanceType,capacityType,usdPerHour\nm6i.large,spot,1\nm6i.large,spot,2',
      /line 3: m6i\.large spot has another price at prices, line 2/,
    ],
    ['instanceType,capacityType,usdPerHour\n"m6i.large,spot,1', /line 2: a quoted cell is never closed/],
    ['instanceType,capacityType,usdPerHour\n', /holds no prices/],
    ['', /has no column instanceType/],
    ['{"prices":[]}', /must be a JSON list/],
    ['[{', /is not JSON/],
    ['[1]', /entry 0: it must be an object/],
    ['[{"instanceType":"m6i.large","capacityType":"spot","usdPerHour":null}]', /entry 0: usdPerHour is null/],
  ])('refuses %j with the place and the field', async (text, sentence) => {
    await expect(read(text)).rejects.toThrow(sentence);
  });

  it('names the file that is not there', async () => {
    await expect(readPrices('nowhere.csv', folder)).rejects.toThrow(
      'The price file nowhere.csv cannot be read: there is no such file.',
    );
  });
});
