import { describe, expect, it } from 'vitest';
import { shellWord } from '../src/shell-word.js';

describe('a name in a command that people paste', () => {
  it.each([
    ['general', 'general'],
    ['ng-1.prod_a', 'ng-1.prod_a'],
    ['x; rm -rf ~', "'x; rm -rf ~'"],
    ["it's", "'it'\\''s'"],
    ['$(reboot)', "'$(reboot)'"],
    ['--all', "'--all'"],
    ['', "''"],
    ['a\nb', "'a\nb'"],
  ])('%j becomes %j', (name, word) => {
    expect(shellWord(name)).toBe(word);
  });
});
