import { expect, it } from 'vitest';
import { canonicalJson, digestOf, type Fact, fingerprint, sha256 } from '../src/index.js';

it('hashes as everybody does', async () => {
  // FIPS 180-2, appendix B.1.
  expect(await sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('writes the example of RFC 8785 in its order of keys', () => {
  const example = {
    '€': 'Euro',
    '\r': 'CR',
    '\ufb33': 'Hebrew',
    '1': 'One',
    '😀': 'Smiley',
    '\u0080': 'Control',
    ö: 'o',
  };
  expect(Object.values(JSON.parse(canonicalJson(example)) as object)[0]).toBe('One');
  expect(canonicalJson(example)).toBe(
    '{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro","😀":"Smiley","\ufb33":"Hebrew"}',
  );
});

it('leaves undefined fields out, keeps every key and refuses what JSON cannot carry', () => {
  expect(canonicalJson({ b: undefined, a: [-0, null, true] })).toBe('{"a":[0,null,true]}');
  expect(canonicalJson(JSON.parse('{"constructor":1,"__proto__":2}'))).toBe('{"__proto__":2,"constructor":1}');
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, undefined, [undefined]]) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  }
});

it('hashes an object once: later changes are its owner to answer for', async () => {
  const value = { size: 1 };
  const digest = await digestOf(value);
  value.size = 2;
  expect(await digestOf(value)).toBe(digest);
  expect(await digestOf({ size: 2 })).not.toBe(digest);
});

it('gives facts one fingerprint in any order', async () => {
  const facts: Fact[] = [{ fact: 'no-freeze' }, { fact: 'node-cordoned', node: { uid: 'a' } }];
  expect(await fingerprint(facts)).toBe(await fingerprint([...facts].reverse()));
  expect(await fingerprint(facts)).not.toBe(await fingerprint(facts.slice(1)));
});
