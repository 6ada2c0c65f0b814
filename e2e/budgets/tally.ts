/** Counts what the cases were about, so that a run shows what it tested. */
export class Tally {
  private readonly counts = new Map<string, number>();

  count(what: string, kind: string, by = 1): void {
    const key = `${what}: ${kind}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  of(what: string, kind: string): number {
    return this.counts.get(`${what}: ${kind}`) ?? 0;
  }

  toString(): string {
    const lines = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return lines.map(([key, count]) => `${String(count).padStart(7)}  ${key}`).join('\n');
  }
}
