import type { ClusterState, JsonValue, NodeResources } from '@cloudoptim/core';

/** What the engine asks to be handed back at its next analysis. */
export interface EngineMemory {
  /** What nodes of a pool and type offered when they were last seen; see observed-allocatable.ts. */
  readonly observed: ReadonlyMap<string, NodeResources>;
  /**
   * Until when (milliseconds since the epoch) a node rests, by uid: a plan did not hold together with it, and until that plan's
   * time is over its pods and theirs are not moved again.
   */
  readonly restingUntilMs: ReadonlyMap<string, number>;
}

/** Far below the limit of an engine's memory: pools times types in use, and nodes left out of one plan. */
const mostObserved = 500;
const mostResting = 1000;

/** Memory may come from an older version of this engine or from elsewhere: what is not as written below is forgotten. */
export function readMemory(memory: JsonValue | undefined): EngineMemory {
  const { observed, resting } = isRecord(memory) ? memory : {};
  return {
    observed: new Map(pairs(observed).filter((pair): pair is [string, NodeResources] => isResources(pair[1]))),
    restingUntilMs: new Map(pairs(resting).filter((pair): pair is [string, number] => Number.isSafeInteger(pair[1]))),
  };
}

/** As JSON, in an order of its own so that equal memories are equal bytes. Nodes that went or rested enough are forgotten. */
export function writeMemory({ observed, restingUntilMs }: EngineMemory, state: ClusterState, nowMs: number): JsonValue {
  const here = new Set(state.nodes.map(({ uid }) => uid));
  const resting = [...restingUntilMs].filter(([uid, untilMs]) => untilMs > nowMs && here.has(uid));
  return {
    observed: sorted([...observed]).slice(0, mostObserved),
    resting: sorted(resting).slice(0, mostResting),
  } as unknown as JsonValue;
}

function sorted<T>(entries: [string, T][]): [string, T][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function pairs(value: unknown): [string, unknown][] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is [string, unknown] => Array.isArray(entry) && typeof entry[0] === 'string');
}

function isResources(value: unknown): value is NodeResources {
  if (!isRecord(value)) return false;
  return [value.cpuMillicores, value.memoryBytes, value.pods].every(
    (amount) => typeof amount === 'number' && amount >= 0,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
