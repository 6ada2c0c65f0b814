import { describe, expect, it } from 'vitest';
import { type CoverageEntry, coverageOf } from '../src/index.js';

describe('coverageOf', () => {
  it('is absent for a kind that nobody mentions', () => {
    expect(coverageOf([], 'Pod')).toBe('absent');
    expect(coverageOf([], 'Pod', 'shop')).toBe('absent');
  });

  it('lets a namespace differ from the whole cluster', () => {
    const coverage: CoverageEntry[] = [
      { kind: 'Pod', state: 'forbidden' },
      { kind: 'Pod', namespace: 'shop', state: 'listed' },
    ];
    expect([
      coverageOf(coverage, 'Pod'),
      coverageOf(coverage, 'Pod', 'shop'),
      coverageOf(coverage, 'Pod', 'other'),
    ]).toEqual(['forbidden', 'listed', 'forbidden']);
  });

  it('is partial when only some namespaces were seen', () => {
    expect(coverageOf([{ kind: 'Pod', namespace: 'shop', state: 'listed' }], 'Pod')).toBe('partial');
  });

  // A dump without PersistentVolumes says so with an entry; people were told that they had been listed in part.
  it('is absent where an entry says that nobody asked', () => {
    expect(coverageOf([{ kind: 'PersistentVolume', state: 'absent' }], 'PersistentVolume')).toBe('absent');
  });
});
