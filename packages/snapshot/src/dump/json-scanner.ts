import { badInput, type Position } from './bad-input.js';
import { isByteOrderMark, isWordByte, shownByte, utf16Hint } from './json-bytes.js';
import type { JsonEvent } from './json-event.js';
import { LogSkipper } from './log-skipper.js';
import { deepestNesting, ValueSkipper } from './value-skipper.js';

/** Where the scanner stands between two bytes. */
type State =
  | 'document'
  | 'first-element'
  | 'element'
  | 'after-element'
  | 'first-key'
  | 'key'
  | 'in-key'
  | 'colon'
  | 'member'
  | 'in-member'
  | 'in-scalar'
  | 'after-member'
  | 'document-text'
  | 'document-word'
  | 'log';

/** A document array, an object, or the items of the object below it on the stack. */
interface Frame {
  readonly type: 'array' | 'object' | 'items';
  readonly at: Position;
  /** Bytes of an object from earlier chunks, and of a list without its items. */
  readonly pieces: Buffer[];
  size: number;
  isList: boolean;
}

/** No object of Kubernetes comes near: etcd refuses more than 1.5 MB. Without a limit a broken file would fill the memory. */
const largestObjectBytes = 64 * 1024 * 1024;
const items = [...Buffer.from('items')];
const longestWord = 40;

/**
 * Cuts a stream of JSON documents into objects without ever holding more than one of them: lists are entered, and each item
 * is handed out as a slice of bytes to be parsed on its own. Documents may follow each other, stand in arrays, and be mixed
 * with the container logs that `kubectl cluster-info dump` prints. Each byte is looked at once.
 */
export class JsonScanner {
  private readonly frames: Frame[] = [];
  private state: State = 'document';
  private events: JsonEvent[] = [];
  private consumed = 0;
  private line = 1;
  /** Start of the part of the innermost object that lies in this chunk; -1 when no object is being captured. */
  private segment = -1;
  private readonly value = new ValueSkipper();
  private escaped = false;
  private keyLength = 0;
  private keyMatches = false;
  private word = '';
  private log: LogSkipper | undefined;

  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** Scans a chunk; throws InvalidInput with byte and line when it cannot be JSON. */
  push(chunk: Buffer): readonly JsonEvent[] {
    this.events = [];
    if (this.segment >= 0) this.segment = 0;
    let index = 0;
    while (index < chunk.length) index = this.step(chunk, index);
    if (this.segment >= 0) this.keep(chunk, this.segment, chunk.length);
    this.consumed += chunk.length;
    return this.events;
  }

  /** Says that the input is over; throws InvalidInput when it ended in the middle of something. */
  end(): readonly JsonEvent[] {
    this.events = [];
    if (this.state === 'document-word') this.endWord(0);
    const open = this.frames[this.frames.length - 1];
    if (open !== undefined || this.state === 'document-text') {
      const started =
        open === undefined
          ? ''
          : ` within the ${open.type === 'object' ? 'object' : 'list'} that began at byte ${open.at.offset} (line ${open.at.line})`;
      throw badInput(this.source, this.place(0), `the input ends${started}: it was cut off. Write the dump again.`);
    }
    return this.events;
  }

  private step(chunk: Buffer, index: number): number {
    switch (this.state) {
      case 'in-member':
        return this.skipMember(chunk, index);
      case 'in-scalar':
        return this.skipScalar(chunk, index);
      case 'in-key':
        return this.skipKey(chunk, index);
      case 'document-text':
        return this.skipText(chunk, index);
      case 'document-word':
        return this.takeWord(chunk, index);
      case 'log':
        return this.skipLog(chunk, index);
      default:
        return this.structure(chunk, index);
    }
  }

  /** One byte between values. */
  private structure(chunk: Buffer, index: number): number {
    const byte = chunk[index] as number;
    if (byte === 0x20 || byte === 0x0d || byte === 0x09) return index + 1;
    if (byte === 0x0a) {
      this.line++;
      return index + 1;
    }
    switch (this.state) {
      case 'document':
        if (isByteOrderMark(byte)) return index + 1;
        if (byte === 0x3d) {
          this.state = 'log';
          return index;
        }
        return this.startElement(byte, index);
      case 'first-element':
        if (byte === 0x5d) return this.endArray(index);
        return this.startElement(byte, index);
      case 'element':
        if (byte === 0x5d) throw this.bad(index, 'a comma stands before the closing ]');
        return this.startElement(byte, index);
      case 'after-element':
        if (byte === 0x5d) return this.endArray(index);
        if (byte === 0x2c) this.state = 'element';
        else throw this.bad(index, `${shownByte(byte)} stands where a comma or ] is expected`);
        return index + 1;
      case 'first-key':
      case 'key':
        return this.startKey(chunk, byte, index);
      case 'colon':
        if (byte !== 0x3a) throw this.bad(index, `${shownByte(byte)} stands where a colon is expected`);
        this.state = 'member';
        return index + 1;
      case 'member':
        return this.startMember(chunk, byte, index);
      default:
        if (byte === 0x7d) return this.endObject(chunk, index);
        if (byte === 0x2c) this.state = 'key';
        else throw this.bad(index, `${shownByte(byte)} stands where a comma or } is expected`);
        return index + 1;
    }
  }

  private startElement(byte: number, index: number): number {
    if (byte === 0x7b) {
      this.open('object', index);
      this.segment = index;
      this.state = 'first-key';
      return index + 1;
    }
    if (byte === 0x5b) {
      this.open('array', index);
      this.state = 'first-element';
      return index + 1;
    }
    if (byte === 0x22) {
      this.value.start(byte);
      this.state = 'document-text';
      return index + 1;
    }
    this.word = '';
    this.state = 'document-word';
    if (!isWordByte(byte))
      throw this.bad(index, `${shownByte(byte)} stands where a JSON value is expected${utf16Hint(byte)}`);
    return index;
  }

  private startKey(chunk: Buffer, byte: number, index: number): number {
    if (byte === 0x7d) {
      if (this.state === 'key') throw this.bad(index, 'a comma stands before the closing }');
      return this.endObject(chunk, index);
    }
    if (byte !== 0x22) throw this.bad(index, `${shownByte(byte)} stands where a key in double quotes is expected`);
    this.keyLength = 0;
    this.keyMatches = true;
    this.state = 'in-key';
    return index + 1;
  }

  private startMember(chunk: Buffer, byte: number, index: number): number {
    // A second `items` is read as any other member, or else a million empty ones would each copy what came before.
    if (byte === 0x5b && this.keyMatches && this.keyLength === items.length && !this.top().isList)
      return this.startItems(chunk, index);
    if (byte === 0x22 || byte === 0x7b || byte === 0x5b) this.value.start(byte);
    else if (!isWordByte(byte)) throw this.bad(index, `${shownByte(byte)} stands where a value is expected`);
    else {
      this.state = 'in-scalar';
      return index;
    }
    this.state = 'in-member';
    return index + 1;
  }

  private startItems(chunk: Buffer, index: number): number {
    const list = this.top();
    list.isList = true;
    this.keep(chunk, this.segment, index + 1);
    this.segment = -1;
    this.events.push({ type: 'list-start', bytes: Buffer.concat(list.pieces), at: list.at });
    this.open('items', index);
    this.state = 'first-element';
    return index + 1;
  }

  private endArray(index: number): number {
    const closed = this.frames.pop();
    if (closed?.type === 'items') {
      this.segment = index;
      this.state = 'after-member';
    } else this.afterValue();
    return index + 1;
  }

  private endObject(chunk: Buffer, index: number): number {
    const object = this.top();
    const rest = chunk.subarray(this.segment, index + 1);
    const bytes = object.pieces.length === 0 ? rest : Buffer.concat([...object.pieces, rest]);
    this.checkSize(bytes.length);
    this.segment = -1;
    this.frames.pop();
    this.events.push({ type: object.isList ? 'list-end' : 'object', bytes, at: object.at });
    this.afterValue();
    return index + 1;
  }

  private afterValue(): void {
    this.state = this.frames.length === 0 ? 'document' : 'after-element';
  }

  private skipKey(chunk: Buffer, start: number): number {
    let index = start;
    while (index < chunk.length) {
      const byte = chunk[index] as number;
      index++;
      if (this.escaped) this.escaped = false;
      else if (byte === 0x22) {
        this.state = 'colon';
        break;
      } else if (byte === 0x5c) this.escaped = true;
      if (byte !== items[this.keyLength]) this.keyMatches = false;
      this.keyLength++;
    }
    return index;
  }

  private skipMember(chunk: Buffer, start: number): number {
    const { value } = this;
    const before = value.lines;
    const index = value.skip(chunk, start);
    this.line += value.lines - before;
    if (value.isTooDeep) throw this.bad(index - 1, `it is nested more than ${deepestNesting} levels deep`);
    if (value.isDone) this.state = 'after-member';
    return index;
  }

  private skipScalar(chunk: Buffer, start: number): number {
    let index = start;
    while (index < chunk.length && isWordByte(chunk[index] as number)) index++;
    if (index < chunk.length) this.state = 'after-member';
    return index;
  }

  private skipText(chunk: Buffer, start: number): number {
    const index = this.value.skip(chunk, start);
    if (this.value.isDone) {
      this.events.push({ type: 'scalar' });
      this.afterValue();
    }
    return index;
  }

  private takeWord(chunk: Buffer, start: number): number {
    let index = start;
    while (index < chunk.length && isWordByte(chunk[index] as number)) {
      if (this.word.length < longestWord) this.word += String.fromCharCode(chunk[index] as number);
      index++;
    }
    if (index < chunk.length) this.endWord(index);
    return index;
  }

  private endWord(index: number): void {
    if (!/^(?:null|true|false|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(this.word))
      throw this.bad(
        index,
        `"${this.word}" is not JSON. A dump begins with { or [; was an error message saved with it?`,
      );
    this.events.push({ type: 'scalar' });
    this.afterValue();
  }

  private skipLog(chunk: Buffer, start: number): number {
    this.log ??= new LogSkipper();
    const { index, lines, state } = this.log.skip(chunk, start);
    this.line += lines;
    if (state === 'not-a-log')
      throw this.bad(start, 'a line that begins with = is neither JSON nor a log of kubectl cluster-info dump');
    if (state === 'over') {
      this.log = undefined;
      this.state = 'document';
    }
    return index;
  }

  private open(type: Frame['type'], index: number): void {
    if (this.frames.length > deepestNesting)
      throw this.bad(index, `lists are nested more than ${deepestNesting} levels deep`);
    this.frames.push({ type, at: this.place(index), pieces: [], size: 0, isList: false });
  }

  private top(): Frame {
    return this.frames[this.frames.length - 1] as Frame;
  }

  /** Copies: the chunk may be reused by whoever made it, and a slice would keep all of it in memory. */
  private keep(chunk: Buffer, from: number, to: number): void {
    const object = this.top();
    object.pieces.push(Buffer.from(chunk.subarray(from, to)));
    object.size += to - from;
    this.checkSize(object.size);
  }

  private checkSize(bytes: number): void {
    if (bytes > largestObjectBytes)
      throw badInput(
        this.source,
        this.top().at,
        `the object that begins here is longer than ${largestObjectBytes} bytes: no object of Kubernetes is. Is this a dump of a cluster?`,
      );
  }

  private place(index: number): Position {
    return { offset: this.consumed + index, line: this.line };
  }

  private bad(index: number, message: string): Error {
    return badInput(this.source, this.place(index), message);
  }
}
