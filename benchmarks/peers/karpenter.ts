import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClusterState, InstanceType, Market, NodeResources, PodTemplate } from '@cloudoptim/core';

/** What Karpenter would launch for pods that all wait at once. */
export interface KarpenterAnswer {
  readonly nodes: readonly {
    readonly instanceType: string;
    readonly zone: string;
    readonly capacityType: string;
    readonly usdPerHour: number;
    readonly pods: number;
  }[];
  readonly usdPerHour: number;
  readonly unscheduled: number;
  /** Of `KarpenterQuestion.claims`, by position. */
  readonly drifted: readonly boolean[];
  /** That its scheduler took. */
  readonly seconds: number;
}

/** What may be asked beside the pods and offerings of a state. */
export interface KarpenterQuestion {
  /** Only these pods of the state; absent is all. */
  readonly pods?: ReadonlySet<number>;
  /** Manifests: what differs from a NodePool without requirements, and overlays of prices. */
  readonly nodePool?: object;
  readonly nodeOverlays?: readonly object[];
  /** Labels of NodeClaims of the pool, to be told which have drifted. */
  readonly claims?: readonly Readonly<Record<string, string>>[];
  /** Offerings cost what the list says, as Karpenter has it, and not what the account pays. */
  readonly listPrices?: boolean;
  /** Milliseconds. */
  readonly limitMs?: number;
}

const defaultLimitMs = 600_000;

/** The program's path; it is built when it is not there yet, which needs Go and some two minutes. Rejects with the remedy. */
export async function karpenterProgram(): Promise<string> {
  const script = fileURLToPath(new URL('../../scripts/e2e-karpenter.mjs', import.meta.url));
  return (await promisify(execFile)(process.execPath, [script])).stdout.trim();
}

/**
 * Asks the program under e2e/peers/karpenter, which runs Karpenter's own scheduler. Pods are asked about on whatever
 * node they are, and no node is there yet. Rejects with the program's words when it fails, and after `limitMs`.
 */
export async function askKarpenter(
  program: string,
  state: ClusterState,
  market: Market,
  asked: KarpenterQuestion = {},
): Promise<KarpenterAnswer> {
  const { nodePool, nodeOverlays, claims, limitMs = defaultLimitMs } = asked;
  const question = JSON.stringify({
    pods: podsOf(state, asked.pods),
    daemons: state.workloads.flatMap(({ kind, name, successorTemplate }) =>
      kind === 'DaemonSet' ? [podOf(state.podTemplates[successorTemplate] as PodTemplate, name)] : [],
    ),
    instanceTypes: instanceTypesOf(market, asked.listPrices === true),
    nodePool,
    nodeOverlays,
    claims,
  });
  return JSON.parse(await answerOf(program, question, limitMs)) as KarpenterAnswer;
}

function podsOf(state: ClusterState, only: ReadonlySet<number> | undefined) {
  return state.pods.name.flatMap((name, pod) => {
    if (only?.has(pod) === false) return [];
    const daemon = state.workloads[state.pods.workload[pod] as number]?.kind === 'DaemonSet';
    return daemon ? [] : [podOf(state.podTemplates[state.pods.template[pod] as number] as PodTemplate, name)];
  });
}

/** As far as the fixtures go: no volumes, no host ports. */
function podOf(template: PodTemplate, name: string) {
  const { namespace, labels, needs, nodeSelector, nodeAffinity, podAffinity, podAntiAffinity } = template;
  const requests = quantities({ ...needs, extended: needs.extended ?? {} });
  return {
    metadata: { name, namespace, labels },
    spec: {
      containers: [{ name: 'main', resources: { requests } }],
      nodeSelector,
      tolerations: template.tolerations,
      topologySpreadConstraints: template.topologySpread,
      affinity: {
        nodeAffinity: nodeAffinity?.required && {
          requiredDuringSchedulingIgnoredDuringExecution: nodeAffinity.required,
        },
        podAffinity: podAffinity?.required && {
          requiredDuringSchedulingIgnoredDuringExecution: podAffinity.required,
        },
        podAntiAffinity: podAntiAffinity?.required && {
          requiredDuringSchedulingIgnoredDuringExecution: podAntiAffinity.required,
        },
      },
    },
  };
}

/** Offerings without a price or without supply are not offered: Karpenter knows no unknown price. */
function instanceTypesOf(market: Market, listPrices: boolean) {
  const described = new Map<string, { type: InstanceType; offerings: object[] }>();
  for (const type of market.instanceTypes) described.set(type.name, { type, offerings: [] });
  for (const { instanceType, zone, capacityType, priceUsdPerHour, listUsdPerHour, supply } of market.offerings)
    if (priceUsdPerHour !== null && supply !== 0)
      described.get(instanceType)?.offerings.push({
        zone,
        capacityType,
        usdPerHour: (listPrices ? listUsdPerHour : undefined) ?? priceUsdPerHour,
      });
  return [...described.values()].flatMap(({ type, offerings }) =>
    offerings.length === 0
      ? []
      : [
          {
            name: type.name,
            architecture: type.architecture,
            allocatable: { ...quantities(type.allocatable), pods: String(type.allocatable.pods) },
            offerings,
          },
        ],
  );
}

function quantities({ cpuMillicores, memoryBytes, ephemeralStorageBytes, extended = {} }: Partial<NodeResources>) {
  return {
    cpu: `${cpuMillicores}m`,
    memory: String(memoryBytes),
    ...(ephemeralStorageBytes !== undefined && { 'ephemeral-storage': String(ephemeralStorageBytes) }),
    ...Object.fromEntries(Object.entries(extended).map(([name, amount]) => [name, String(amount)])),
  };
}

function answerOf(program: string, question: string, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { timeout: limitMs, killSignal: 'SIGKILL' });
    let [answer, words] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      words += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(answer);
      else if (signal !== null) reject(new Error(`Karpenter had no answer within ${limitMs / 1000} s.`));
      else reject(new Error(`Karpenter failed: ${words.trim()}`));
    });
    // A program that ends early breaks the pipe; what it said then is in `words`.
    child.stdin.on('error', () => {});
    child.stdin.end(question);
  });
}
