/** Longer than any marker: names of pods and containers end at 253 characters. */
const longestMarker = 1024;

export interface SkippedLog {
  /** The first byte not yet consumed. */
  readonly index: number;
  /** Line breaks passed. */
  readonly lines: number;
  readonly state: 'within' | 'over' | 'not-a-log';
}

/**
 * Skips one container log that `kubectl cluster-info dump` prints between its JSON documents: from
 * `==== START logs for container C of pod NS/P ====` to the same line with END. The END may follow a log's last words on
 * one line, since logs need not end with a line break.
 */
export class LogSkipper {
  private tail = '';
  private marker: string | undefined;

  /** Consumes as much of the chunk as belongs to the log. */
  skip(chunk: Buffer, start: number): SkippedLog {
    let index = start;
    let lines = 0;
    while (index < chunk.length) {
      const lineBreak = chunk.indexOf(0x0a, index);
      const end = lineBreak < 0 ? chunk.length : lineBreak;
      const words = chunk.toString('latin1', Math.max(index, end - longestMarker), end);
      this.tail = (this.tail + words).slice(-longestMarker);
      index = end;
      if (lineBreak < 0) break;
      index++;
      lines++;
      const line = this.tail.trimEnd();
      this.tail = '';
      if (this.marker === undefined) {
        if (!line.startsWith('==== START logs for container ')) return { index, lines, state: 'not-a-log' };
        this.marker = line.replace('START', 'END');
      } else if (line.endsWith(this.marker)) return { index, lines, state: 'over' };
    }
    return { index, lines, state: 'within' };
  }
}
