import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDump, type WrittenDump, writeDump } from '@cloudoptim/snapshot';
import { type ExitCode, exitCode } from '../exit-code.js';
import { dumpInput, dumpOptions, sourceName } from '../input/dump-input.js';
import { liveCluster } from '../input/live-cluster.js';
import type { Io } from '../io.js';
import { createProgress, type Progress } from '../progress.js';
import type { Block } from '../render/block.js';
import { count, counted } from '../render/money.js';
import { renderTerminal } from '../render/terminal.js';
import type { SourceOptions } from './source-options.js';

export interface SnapshotOptions extends SourceOptions {
  /** `-` is the standard output. */
  readonly out: string;
  readonly redact: boolean;
}

/** Writes the cluster, or another dump, to a file without its secrets, and says what was taken out. */
export async function snapshot(options: SnapshotOptions, io: Io): Promise<ExitCode> {
  const progress = createProgress(io);
  try {
    const notes: string[] = [];
    const documents =
      options.snapshot === undefined ? liveDocuments(options, io, progress, notes) : dump(options.snapshot);
    const settings = { redact: options.redact, signal: io.signal };
    if (options.out === '-') {
      const written = await writeToOutput((path) => writeDump(documents, path, settings), io);
      progress.done();
      await say(written, 'the standard output', notes);
      return exitCode.done;
    }
    const written = await writeDump(documents, resolve(io.cwd, options.out), settings);
    progress.done();
    await say(written, options.out, notes);
    return exitCode.done;
  } finally {
    progress.done();
  }

  async function* dump(path: string): AsyncGenerator<unknown> {
    progress.say(`reading ${sourceName(path)}`);
    yield* readDump(dumpInput(path, io), dumpOptions(io));
  }

  /** On stderr, since the dump itself may be on stdout. */
  async function say(written: WrittenDump, where: string, notes: readonly string[]): Promise<void> {
    await io.stderr.write(renderTerminal(writtenBlocks(written, where, options.redact, notes), { colour: false }));
  }
}

/** The documents of the live cluster and, after them, what they cover: only then is it known. */
async function* liveDocuments(
  options: SnapshotOptions,
  io: Io,
  progress: Progress,
  notes: string[],
): AsyncGenerator<unknown> {
  const takenAt = new Date(io.nowMs()).toISOString();
  const reading = liveCluster(options, io, progress);
  yield* reading.documents;
  notes.push(...reading.notes);
  yield { apiVersion: 'snapshot.cloudoptim.io/v1', kind: 'SnapshotHeader', takenAt, coverage: reading.coverage };
}

/** By way of a file of our own: a dump is written whole or not at all. */
async function writeToOutput(write: (path: string) => Promise<WrittenDump>, io: Io): Promise<WrittenDump> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudoptim-'));
  try {
    const file = join(folder, 'dump.json');
    const written = await write(file);
    for await (const chunk of createReadStream(file, 'utf8')) await io.stdout.write(String(chunk));
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const removedNames: Readonly<Record<string, string>> = {
  secrets: 'Secrets',
  configMapEntries: 'entries of ConfigMaps',
  envValues: 'env values',
  args: 'args',
  commands: 'commands',
  hooks: 'commands of probes and hooks',
  lastApplied: 'last-applied-configuration annotations',
  annotations: 'other annotations',
  managedFields: 'managedFields',
  unknownKinds: 'objects of unknown kinds, reduced to their names',
  withoutKind: 'documents without a kind',
};

function writtenBlocks(
  { objects, removed }: WrittenDump,
  where: string,
  redacted: boolean,
  notes: readonly string[],
): Block[] {
  const blocks: Block[] = [{ kind: 'paragraph', text: `Wrote ${counted(objects, 'object')} to ${where}.` }];
  const amounts = Object.entries(removed).filter(([, amount]) => amount > 0);
  if (!redacted) {
    blocks.push({
      kind: 'paragraph',
      text: 'Nothing was removed: it may hold passwords in env values and args. Keep it to yourself.',
    });
  } else if (amounts.length > 0) {
    blocks.push({ kind: 'paragraph', text: 'Removed:' });
    blocks.push({ kind: 'facts', rows: amounts.map(([what, amount]) => [removedNames[what] ?? what, count(amount)]) });
  }
  if (notes.length > 0) blocks.push({ kind: 'list', items: notes });
  return blocks;
}
