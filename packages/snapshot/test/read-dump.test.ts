import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { InvalidInput } from '@cloudoptim/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HeldItems } from '../src/dump/held-items.js';
import { readYaml } from '../src/dump/read-yaml.js';
import { type DumpObject, fromKubernetes, readDump } from '../src/index.js';
import { coverageIn } from './support/coverage.js';
import { node, pod } from './support/objects.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudoptim-read-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function all(steps: AsyncIterable<DumpObject>): Promise<DumpObject[]> {
  const found: DumpObject[] = [];
  for await (const step of steps) found.push(step);
  return found;
}

/** `Kind/name` of each object, `end Kind` of each list. */
async function outline(input: string | readonly string[] | AsyncIterable<unknown>): Promise<string[]> {
  return (await all(readDump(input))).map(({ object, list, endsList }) => {
    if (endsList) return `end ${list?.kind}`;
    const { kind, metadata } = (object ?? {}) as { kind?: string; metadata?: { name?: string } };
    return `${kind}/${metadata?.name}`;
  });
}

const bytes = (text: string | Buffer) => Readable.from([Buffer.from(text)]);
const text = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const bare = ({ kind: _, apiVersion: __, ...rest }: { kind?: unknown; apiVersion?: unknown }) => rest;
const podList = {
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '7' },
  items: [bare(pod('a')), bare(pod('b'))],
};

describe('shapes of a dump', () => {
  it.each([
    ['a List', { apiVersion: 'v1', kind: 'List', items: [pod('a'), node('n')] }, ['Pod/a', 'Node/n', 'end List']],
    ['a typed list', podList, ['Pod/a', 'Pod/b', 'end PodList']],
    [
      'a typed list that says its kind last',
      { items: podList.items, apiVersion: 'v1', kind: 'PodList' },
      ['Pod/a', 'Pod/b', 'end PodList'],
    ],
    ['an empty list', { ...podList, items: [] }, ['end PodList']],
    ['an empty list as Go writes it', { ...podList, items: null }, ['end PodList']],
    ['an array', [pod('a'), node('n')], ['Pod/a', 'Node/n']],
    ['an array of lists', [podList, [podList]], ['Pod/a', 'Pod/b', 'end PodList', 'Pod/a', 'Pod/b', 'end PodList']],
    [
      'a List of lists',
      { kind: 'List', items: [podList, node('n')] },
      ['Pod/a', 'Pod/b', 'end PodList', 'Node/n', 'end List'],
    ],
    ['one object', pod('a'), ['Pod/a']],
    [
      'documents without a kind',
      [{ a: 1 }, 'text', 3, null, true],
      ['undefined/undefined', ...Array(4).fill('undefined/undefined')],
    ],
  ])('%s', async (_, document, expected) => {
    expect(await outline(bytes(text(document)))).toEqual(expected);
    expect(await outline(bytes(JSON.stringify(document, undefined, 4)))).toEqual(expected);
  });

  it('documents one after another, with or without line breaks between, and byte order marks', async () => {
    expect(await outline(bytes(`\uFEFF${text(pod('a'))}${text(pod('b'))}\n\n\uFEFF${text(podList)} `))).toEqual([
      'Pod/a',
      'Pod/b',
      'Pod/a',
      'Pod/b',
      'end PodList',
    ]);
  });

  it('the output of kubectl cluster-info dump, logs and all', async () => {
    const log = (end: string) =>
      `==== START logs for container app of pod shop/a ====\n{"level":"info"\n==== END logs for container other of pod shop/a ====\nlast words${end}==== END logs for container app of pod shop/a ====\n`;
    expect(await outline(bytes(`${text(podList)}\n${log('\n')}${log('')}${text(pod('c'))}`))).toEqual([
      'Pod/a',
      'Pod/b',
      'end PodList',
      'Pod/c',
    ]);
  });

  it('an object that is called like a list key inside is no list', async () => {
    const object = { kind: 'Thing', metadata: { name: 'x' }, spec: { items: [{ kind: 'Pod' }] }, notitems: [1] };
    expect((await all(readDump(bytes(text(object)))))[0]?.object).toEqual(object);
  });

  it('a second `items` is not taken for another list, however often it comes', async () => {
    const many = `{"kind":"List","items":[],${'"items":[],'.repeat(100_000)}"x":1}`;
    expect(await outline(bytes(many))).toEqual(['end List']);
  });

  it('gives items of a typed list their kind and version, and leaves those that have one', async () => {
    const list = {
      kind: 'DeploymentList',
      apiVersion: 'apps/v1',
      items: [{ metadata: { name: 'a' } }, { kind: 'Other', metadata: { name: 'b' } }],
    };
    const [first, second] = await all(readDump(bytes(text(list))));
    expect(first?.object).toEqual({ kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: 'a' } });
    expect(second?.object).toEqual({ kind: 'Other', metadata: { name: 'b' } });
  });

  it('keeps keys called __proto__ as data', async () => {
    const [first] = await all(
      readDump(bytes('{"kind":"Pod","metadata":{"name":"a","labels":{"__proto__":"x","constructor":"y"}}}')),
    );
    const pod = first?.object as { metadata: { labels: object } } | undefined;
    expect(Object.entries(pod?.metadata.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});

describe('sources', () => {
  it('are files, several of them, folders and streams, compressed or not, whatever they are called', async () => {
    const plain = file('one/plain.json', text(pod('a')));
    const zipped = file('one/not-called.so.json', gzipSync(text(pod('b'))));
    file('one/deep/er.yaml', 'kind: Pod\nmetadata: {name: c}\n');
    file('one/deep/er.yml.gz', gzipSync('kind: Pod\nmetadata: {name: d}\n'));
    file('one/logs.txt', 'not read');
    expect(await outline(join(folder, 'one'))).toEqual(['Pod/c', 'Pod/d', 'Pod/b', 'Pod/a']);
    expect(await outline([plain, zipped])).toEqual(['Pod/a', 'Pod/b']);
    expect(await outline(bytes(gzipSync(text(pod('e')))))).toEqual(['Pod/e']);
    expect(await outline(Readable.from([text(pod('f'))]))).toEqual(['Pod/f']);
  });

  it('may be gzip of several parts, as concatenation makes', async () => {
    expect(await outline(bytes(Buffer.concat([gzipSync(text(pod('a'))), gzipSync(text(pod('b')))])))).toEqual([
      'Pod/a',
      'Pod/b',
    ]);
  });

  it('are the folder of kubectl cluster-info dump, whose folders tell the namespaces of empty lists', async () => {
    file('dump/nodes.json', text({ kind: 'NodeList', apiVersion: 'v1', items: [] }));
    file('dump/shop/pods.json', text({ kind: 'PodList', apiVersion: 'v1', items: [] }));
    file(
      'dump/kube-system/pods.json',
      text({ kind: 'PodList', apiVersion: 'v1', items: [bare(pod('x', { namespace: 'kube-system' }))] }),
    );
    file('dump/shop/web/logs.txt', 'noise');
    const { state } = await fromKubernetes(readDump(join(folder, 'dump')));
    expect(coverageIn(state, 'Pod')).toEqual({ '*': 'partial', 'kube-system': 'listed', shop: 'listed' });
    expect(coverageIn(state, 'Node')).toEqual({ '*': 'listed' });
  });

  it('end early without leaving the file open', async () => {
    const path = file(
      'big.json',
      text({ kind: 'List', items: Array.from({ length: 1000 }, (_, index) => pod(`p${index}`)) }),
    );
    for await (const step of readDump(path)) {
      expect(step.source).toBe(path);
      break;
    }
  });
});

describe('YAML', () => {
  it('is read document by document, Lists included', async () => {
    const yaml =
      '# comment only\n---\napiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  metadata: {name: a}\n--- # next\nkind: Node\nmetadata:\n  name: n\n  annotations:\n    text: |\n      ---not a mark\n...\n---\n';
    expect(await outline(bytes(yaml))).toEqual(['Pod/a', 'end List', 'Node/n']);
  });

  it('is read the same however the chunks fall', async () => {
    const yaml = 'kind: A\n---\nkind: B\n---x: 1\n---\r\nkind: C\n---\n';
    for (let at = 1; at < 12; at++) {
      const chunks = yaml.match(new RegExp(`[\\s\\S]{1,${at}}`, 'g')) ?? [];
      const kinds: unknown[] = [];
      const steps = readYaml(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), 'x.yaml');
      // `---x: 1` is a key like any other, so the second document is not a plain map of one key.
      for await (const { object } of steps) kinds.push((object as { kind?: string }).kind);
      expect(kinds).toEqual(['A', 'B', 'C']);
    }
  });

  it('leaves times and words as texts', async () => {
    const [step] = await all(
      readDump(bytes('kind: Pod\nmetadata: {name: "on", creationTimestamp: 2026-03-01T10:00:00Z}\nanswer: yes\n')),
    );
    expect(step?.object).toEqual({
      kind: 'Pod',
      metadata: { name: 'on', creationTimestamp: '2026-03-01T10:00:00Z' },
      answer: 'yes',
    });
  });

  it('is refused beyond its limit with the way out', async () => {
    const steps = readYaml(
      Readable.from([Buffer.from('kind: Pod\n'), Buffer.alloc(200, 'a')]),
      'big.yaml',
      undefined,
      100,
    );
    await expect(all(steps)).rejects.toThrow(/big\.yaml: .*-o json/);
  });

  it('is refused with its line and without its text', async () => {
    const error = await failure(bytes('kind: Pod\n---\nkind: Secret\nvalue: "hunter2\n  b: : [\n'), 's');
    expect(error.message).toMatch(/line \d+ is not YAML/);
    expect(error.message).not.toContain('hunter2');
  });

  it('is refused when its aliases explode', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [index, name] of [...'bcdefghi'].entries())
      lines.push(`${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`);
    await expect(failure(bytes(lines.join('\n')), 's')).resolves.toMatchObject({
      message: expect.stringContaining('aliases'),
    });
  });
});

async function failure(input: string | AsyncIterable<unknown>, name = 'stdin'): Promise<InvalidInput> {
  try {
    await all(readDump(input, { name }));
  } catch (error) {
    if (InvalidInput.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('what cannot be read', () => {
  it.each([
    [
      '{"kind":"Pod","metadata":{"name":"a"',
      'byte 36 (line 1): the input ends within the object that began at byte 0 (line 1)',
    ],
    ['{"kind":"List","items":[{"kind":"Pod"}', 'the input ends within the list that began at byte 23'],
    ['{"kind":"List","items":[{"kind":"Pod"},\n]}', 'byte 40 (line 2): a comma stands before the closing ]'],
    ['{"kind":"Pod",\n}', 'byte 15 (line 2): a comma stands before the closing }'],
    ['{"kind":"Pod","spec":{\n"a":[1,2,]}}', 'byte 32 (line 2): a comma stands before the closing bracket'],
    ['{"kind":"Pod","spec":{"a":nul}}', 'byte 26 (line 1): a value is expected'],
    ['{"kind":"Pod","spec":{"a" 1}}', 'byte 26 (line 1): a colon is expected'],
    ['{"kind":"Pod","spec":{a:1}}', 'byte 22 (line 1): a key in double quotes is expected'],
    ['{"kind":"Pod","spec":["a\\x"]}', 'a backslash stands before something that cannot be escaped'],
    ['{"kind":"Pod","spec":["a\nb"]}', 'a line break or control character stands within a text'],
    ['{"kind":"Pod","spec":[1}}', 'a comma or a closing bracket is expected'],
    ['{"kind" "Pod"}', 'byte 8 (line 1): " stands where a colon is expected'],
    ['{"kind":"Pod"}}', 'byte 14 (line 1): } stands where a JSON value is expected'],
    ['[{"kind":"Pod"} {"kind":"Pod"}]', '{ stands where a comma or ] is expected'],
    ['[Error]', '"Error" is not JSON'],
    ['=nothing\n', 'a line that begins with = is neither JSON nor a log'],
  ])('%s', async (input, expected) => {
    expect((await failure(bytes(input))).message).toContain(expected);
  });

  it('names file, byte and line far into the input, and repeats nothing of it', async () => {
    const path = file('far.json', `[\n${text(pod('a'))},\n{"kind":"Secret","data":{"password":hunter2}}\n]`);
    const { message } = await failure(path);
    expect(message).toMatch(/far\.json: byte \d+ \(line 3\): a value is expected/);
    expect(message).not.toContain('hunter2');
  });

  it('says where text is not UTF-8', async () => {
    const prefix = '{"kind":"Pod","a":"';
    const bad = Buffer.concat([Buffer.from(prefix), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect((await failure(bytes(bad))).message).toContain(`byte ${prefix.length} (line 1): the text is not UTF-8`);
    expect((await failure(bytes(Buffer.from('\uFEFF{"kind":"Pod"}', 'utf16le')))).message).toContain('PowerShell');
  });

  it('is nested without end', async () => {
    expect((await failure(bytes(`{"kind":"Pod","a":${'['.repeat(5000)}`))).message).toContain(
      'nested more than 1000 levels',
    );
    expect((await failure(bytes('['.repeat(5000)))).message).toContain('nested more than 1000 levels');
    expect((await failure(bytes(`a: ${'['.repeat(20_000)}`))).message).toMatch(/YAML/);
  });

  it('is one object that never ends', async () => {
    const chunk = Buffer.alloc(1 << 20, 'a');
    async function* endless() {
      yield Buffer.from('{"kind":"');
      while (true) yield chunk;
    }
    expect((await failure(endless())).message).toContain('is longer than');
  });

  it('is damaged or cut gzip', async () => {
    const zipped = gzipSync(text(pod('a')));
    expect((await failure(bytes(zipped.subarray(0, zipped.length - 12)))).message).toContain(
      'the gzip stream ends too early',
    );
    expect((await failure(bytes(Buffer.concat([zipped.subarray(0, 20), Buffer.alloc(80, 7)])))).message).toContain(
      'gzip',
    );
  });

  it('is not there, empty, or a folder without dumps', async () => {
    expect((await failure(join(folder, 'missing.json'))).message).toContain('there is no such file or folder');
    expect((await failure(file('empty.json', ''))).message).toContain('it is empty');
    mkdirSync(join(folder, 'nothing'));
    expect((await failure(join(folder, 'nothing'))).message).toContain('holds no .json');
    const closed = file('closed.json', '{}');
    chmodSync(closed, 0);
    if (process.getuid?.() !== 0) expect((await failure(closed)).message).toContain('may not be read');
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(all(readDump(bytes('{}'), { signal: controller.signal }))).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('items that wait for their list to say its kind', () => {
  it('come back in order from memory and from disk', () => {
    const held = new HeldItems(10);
    const items = ['one', 'two', 'three', 'four', 'five'].map((word) => Buffer.from(word));
    for (const item of items) held.add(item);
    expect([...held.drain()].map(String)).toEqual(['one', 'two', 'three', 'four', 'five']);
    held.close();
  });
});
