import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mostInMemory = 32 * 1024 * 1024;

/**
 * Items of a typed list that wait for the list to say its kind, which a tool that sorts keys writes after them. Beyond 32 MB
 * they wait in a temporary file that only its owner can read and that has no name while it is used.
 */
export class HeldItems {
  private inMemory: Buffer[] = [];
  private memoryBytes = 0;
  private file: number | undefined;
  private path = '';
  private lengths: number[] = [];

  private readonly limit: number;

  constructor(limit = mostInMemory) {
    this.limit = limit;
  }

  add(bytes: Buffer): void {
    if (this.file === undefined && this.memoryBytes + bytes.length <= this.limit) {
      this.inMemory.push(Buffer.from(bytes));
      this.memoryBytes += bytes.length;
      return;
    }
    this.file ??= this.openFile();
    for (let written = 0; written < bytes.length; ) written += writeSync(this.file, bytes, written);
    this.lengths.push(bytes.length);
  }

  /** All items in the order of arrival. */
  *drain(): Generator<Buffer> {
    yield* this.inMemory;
    this.inMemory = [];
    if (this.file === undefined) return;
    let position = 0;
    for (const length of this.lengths) {
      const bytes = Buffer.allocUnsafe(length);
      for (let read = 0; read < length; ) {
        const more = readSync(this.file, bytes, read, length - read, position + read);
        if (more === 0) throw new Error(`The temporary file ${this.path} was cut short while it was in use.`);
        read += more;
      }
      position += length;
      yield bytes;
    }
  }

  close(): void {
    if (this.file === undefined) return;
    closeSync(this.file);
    this.file = undefined;
    removeQuietly(this.path);
  }

  private openFile(): number {
    this.path = join(tmpdir(), `cloudoptim-${randomBytes(12).toString('hex')}.tmp`);
    const file = openSync(this.path, 'wx+', 0o600);
    // On POSIX the file lives on without a name, so even a killed process leaves nothing behind. Windows refuses; then close does it.
    removeQuietly(this.path);
    return file;
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone, or still open on Windows.
  }
}
