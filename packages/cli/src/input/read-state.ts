import type { ClusterState } from '@cloudoptim/core';
import { type ConvertedState, fromKubernetes, readDump } from '@cloudoptim/snapshot';
import type { SourceOptions } from '../commands/source-options.js';
import type { SnapshotFacts } from '../document/analysis-document.js';
import type { Io } from '../io.js';
import { withoutForeignPrices } from '../market/foreign-prices.js';
import type { Progress } from '../progress.js';
import { counted } from '../render/money.js';
import { UserError } from '../user-error.js';
import { dumpInput, dumpOptions, sourceName } from './dump-input.js';
import { liveCluster } from './live-cluster.js';
import { withNodeGroupLimits } from './node-group-limits.js';

export interface ReadState {
  readonly state: ClusterState;
  readonly facts: SnapshotFacts;
}

/** Reads the cluster that the options name, from kubectl or from a dump, and says how well it is known. */
export async function readState(
  options: SourceOptions & { readonly region?: string },
  io: Io,
  progress: Progress,
): Promise<ReadState> {
  const notes: string[] = [];
  const converted = options.snapshot === undefined ? await live() : await fromDump(options.snapshot);
  const source = options.snapshot === undefined ? liveName(options) : sourceName(options.snapshot);
  refuseUnusable(converted, source);
  const state = withNodeGroupLimits(withoutForeignPrices(converted.state), options.nodeGroup ?? []);
  const { takenAtMs, clusterId, kubernetesVersion, coverage } = state;
  return {
    state,
    facts: {
      source,
      takenAtMs,
      ...(clusterId === undefined ? {} : { clusterId }),
      ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
      nodes: state.nodes.length,
      pods: state.pods.count,
      coverage,
      conversion: converted.report,
      notes,
    },
  };

  async function live(): Promise<ConvertedState> {
    const reading = liveCluster(options, io, progress);
    const result = await fromKubernetes(reading.documents, {
      takenAtMs: io.nowMs(),
      // Filled while the documents are taken; the converter looks at it after the last one.
      coverage: reading.coverage,
      ...conversion(),
    });
    notes.push(...reading.notes);
    return result;
  }

  async function fromDump(path: string): Promise<ConvertedState> {
    progress.say(`reading ${sourceName(path)}`);
    return fromKubernetes(watched(readDump(dumpInput(path, io), dumpOptions(io))), conversion());
  }

  function conversion() {
    return {
      ...(options.listed === undefined ? {} : { listed: options.listed }),
      ...(options.region === undefined ? {} : { region: options.region }),
    };
  }

  /** Tells how far it is, and stops at Ctrl-C between two objects. */
  async function* watched(objects: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    let taken = 0;
    for await (const object of objects) {
      if (++taken % 1000 === 0) {
        io.signal.throwIfAborted();
        progress.say(`reading: ${taken} objects`);
      }
      yield object;
    }
  }
}

function liveName({ context }: SourceOptions): string {
  return context === undefined ? 'the current context of kubectl' : `context ${context}`;
}

/** A state that must not be trusted, or that has nothing in it to analyse. */
function refuseUnusable({ state, report }: ConvertedState, source: string): void {
  const error = report.findings.find(({ level }) => level === 'error');
  if (error !== undefined) throw new UserError(error.message);
  if (report.objects === 0) {
    const documents =
      report.withoutKind === 0 ? '' : `, only ${counted(report.withoutKind, 'document')} without a kind`;
    throw new UserError(
      `${source} holds no Kubernetes objects${documents}. Make a dump with \`cloudoptim snapshot --out cluster.json.gz\`.`,
    );
  }
  if (state.nodes.length > 0) return;
  const malformed = report.findings.find(({ kind, code }) => kind === 'Node' && code === 'malformed-object');
  throw new UserError(
    malformed?.message ??
      `${source} holds no nodes, and without nodes there is no bill. Add those of \`kubectl get nodes -o json\`.`,
  );
}
