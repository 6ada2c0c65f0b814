/** Deeper than the API server accepts anywhere that matters, and shallow enough for recursive code that comes after. */
export const deepestNesting = 1000;

/**
 * Skips one text, array or object of JSON by counting brackets outside of texts. Whether the brackets match is left to
 * JSON.parse, which sees the bytes later. This is the hot loop: nearly all bytes of a dump pass through it, once.
 */
export class ValueSkipper {
  /** Line breaks passed since `start`. */
  lines = 0;
  isDone = false;
  isTooDeep = false;
  private depth = 0;
  private inText = false;
  private escaped = false;

  /** Begins after the opening quote, brace or bracket. */
  start(opening: number): void {
    this.inText = opening === 0x22;
    this.depth = this.inText ? 0 : 1;
    this.lines = 0;
    this.isDone = false;
    this.isTooDeep = false;
    this.escaped = false;
  }

  /** The index after the last byte of the value, or the length of the chunk; check `isDone`. */
  skip(chunk: Buffer, start: number): number {
    const end = chunk.length;
    let index = start;
    let { depth, inText, lines } = this;
    if (this.escaped) {
      this.escaped = false;
      index++;
    }
    while (index < end) {
      if (inText) {
        let byte = chunk[index] as number;
        while (byte !== 0x22 && byte !== 0x5c && ++index < end) byte = chunk[index] as number;
        if (index >= end) break;
        if (byte === 0x5c) {
          index += 2;
          if (index > end) this.escaped = true;
          continue;
        }
        inText = false;
        index++;
        if (depth === 0) break;
        continue;
      }
      const byte = chunk[index] as number;
      index++;
      if (byte === 0x22) inText = true;
      else if (byte === 0x0a) lines++;
      else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > deepestNesting) {
          this.isTooDeep = true;
          break;
        }
      } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) break;
    }
    this.depth = depth;
    this.inText = inText;
    this.lines = lines;
    this.isDone = depth === 0 && !inText;
    return Math.min(index, end);
  }
}
