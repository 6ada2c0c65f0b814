/** Of more sizes than these, failures are not remembered. */
const mostSizes = 16;

/**
 * Sizes of pods of one class that no node takes, for as long as nothing has changed that may let one in: then neither does
 * any node take a larger one. Twenty thousand hopeless pods cost nothing this way.
 */
export class Failures {
  #relaxed = -1;
  #counters = -1;
  readonly #cpu: number[] = [];
  readonly #memory: number[] = [];

  /**
   * Whether such a pod is known to fit nowhere. `relaxed` counts what may let pods in that a node or a leaving pod did,
   * `counters` what pods that came did.
   */
  covers(cpu: number, memory: number, relaxed: number, counters: number): boolean {
    this.#forget(relaxed, counters);
    for (let at = 0; at < this.#cpu.length; at++)
      if (cpu >= (this.#cpu[at] as number) && memory >= (this.#memory[at] as number)) return true;
    return false;
  }

  add(cpu: number, memory: number, relaxed: number, counters: number): void {
    this.#forget(relaxed, counters);
    if (this.#cpu.length === mostSizes) return;
    this.#cpu.push(cpu);
    this.#memory.push(memory);
  }

  #forget(relaxed: number, counters: number): void {
    if (relaxed === this.#relaxed && counters === this.#counters) return;
    this.#relaxed = relaxed;
    this.#counters = counters;
    this.#cpu.length = 0;
    this.#memory.length = 0;
  }
}
