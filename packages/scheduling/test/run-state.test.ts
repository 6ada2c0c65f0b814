import { describe, expect, it } from 'vitest';
import { KeptState } from '../src/run/run-state.js';

describe('the state of a run', () => {
  it('returns to a mark as often as asked, whatever was written since', () => {
    const state = new KeptState();
    state.toWrite.replicas.set(1, 3);
    const mark = state.mark();
    for (const replicas of [5, 7]) {
      state.toWrite.replicas.set(1, replicas);
      state.toWrite.arrived.add(replicas);
      state.toWrite.dropped.add(replicas);
      expect(state.now.replicas.get(1)).toBe(replicas);
      state.rollback(mark);
      expect([...state.now.replicas]).toEqual([[1, 3]]);
      expect([...state.now.arrived, ...state.now.dropped]).toEqual([]);
    }
  });

  it('keeps each of several marks as it was', () => {
    const state = new KeptState();
    const marks = [1, 2, 3].map((replicas) => {
      state.toWrite.replicas.set(0, replicas);
      return state.mark();
    });
    state.toWrite.replicas.set(0, 4);
    for (const [at, mark] of [...marks.entries()].reverse()) {
      state.rollback(mark);
      expect(state.now.replicas.get(0)).toBe(at + 1);
    }
  });

  it('is not copied where nothing is written', () => {
    const state = new KeptState();
    const mark = state.mark();
    state.rollback(mark);
    expect(state.mark()).toBe(mark);
  });
});
