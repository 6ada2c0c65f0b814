import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../src/engines/load-engine.js';

const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-engines-'));
const valid = `{ id: 'mine', version: '1', contractVersion: 'v1', considers: ['nodes'], requires: [], optionsJsonSchema() {}, async analyze() {} }`;
let files = 0;

function file(source: string, name = `engine-${files++}.mjs`): string {
  writeFileSync(join(folder, name), source);
  return `./${name}`;
}

function load(name: string, ran: string[] = []) {
  return loadEngine(name, folder, async (path) => {
    ran.push(path);
  });
}

describe('loadEngine', () => {
  it('runs the code of a path, seen from the folder of the user, and says so first', async () => {
    const ran: string[] = [];
    expect((await load(file(`export default ${valid}`, 'first.mjs'), ran)).id).toBe('mine');
    expect(ran).toEqual([join(folder, 'first.mjs')]);
  });

  it.each([
    ['a named export', `export const engine = ${valid}`],
    ['a class', `class Mine { constructor() { Object.assign(this, ${valid}) } analyze() {} }\nexport { Mine }`],
    ['other exports beside it', `export const version = '1'; export default ${valid}`],
  ])('takes %s', async (_what, source) => {
    expect((await load(file(source))).id).toBe('mine');
  });

  it('takes CommonJS', async () => {
    expect((await load(file(`module.exports = ${valid}`, 'common.cjs'))).id).toBe('mine');
  });

  it.each([
    ['an ES module', { type: 'module', exports: { '.': { import: './index.js' } } }, `export default ${valid}`],
    ['CommonJS', { main: 'index.js' }, `module.exports = ${valid}`],
  ])('finds a package in the folder of the user: %s', async (_what, manifest, source) => {
    const name = `@acme/engine-${files++}`;
    const root = join(folder, 'node_modules', name);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name, ...manifest }));
    writeFileSync(join(root, 'index.js'), source);
    expect((await load(name)).id).toBe('mine');
  });

  it.each([
    ['no-such-engine', /There is no engine "no-such-engine"\. Built in: binpack\./],
    ['../../etc', /is a folder|cannot be read/],
    ['./nowhere.mjs', /cannot be read: there is no such file/],
    ['; rm -rf /', /There is no engine "; rm -rf \/"/],
    ['\u001b[31m', /There is no engine "\\u001b\[31m"/],
  ])('says that %j is no engine, and runs nothing', async (name, sentence) => {
    const ran: string[] = [];
    await expect(load(name, ran)).rejects.toThrow(sentence);
    expect(ran).toEqual([]);
  });

  it.each([
    [`export const x = 1`, /exports no engine\. Export one as default/],
    [`export default ${valid.replace("'v1'", "'v2'")}`, /speaks contract version "v2", this host speaks "v1"/],
    [`export default ${valid.replace("'mine'", "'My Engine'")}`, /its id is "My Engine"; it must be kebab-case/],
    [`export default ${valid.replace("'mine'", "'binpack'")}`, /its id binpack is that of a built-in engine/],
    [`export default ${valid.replace("version: '1'", 'version: 1')}`, /its version is 1/],
    [`export default ${valid.replace("considers: ['nodes'],", '')}`, /does not declare what it considers/],
    [
      `export default ${valid.replace('requires: []', "requires: ['usage']")}`,
      /requires usage, which this command does not have/,
    ],
    [`throw new Error('boom')`, /could not be loaded from .*: boom/],
    [`export default }`, /could not be loaded from/],
  ])('refuses %s', async (source, sentence) => {
    await expect(load(file(source))).rejects.toThrow(sentence);
  });
});
