import { describe, expect, it } from 'vitest';
import {
  defaultPolicy,
  InvalidInput,
  mergePolicy,
  parseClusterState,
  parseDecisionRequest,
  parseMarket,
  parsePlan,
  parsePolicy,
  parseUsageHistory,
  sealPlan,
} from '../src/index.js';
import { because, launch, market, now, smallCluster } from './fixtures/small-cluster.js';

function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (InvalidInput.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

type Path = readonly [...(string | number)[], string | number];

/** The small cluster with one field changed, or removed where the value is undefined. */
function broken(path: Path, value: unknown): unknown {
  const state: unknown = JSON.parse(JSON.stringify(smallCluster()));
  let target = state as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) target = target[key] as Record<string | number, unknown>;
  const last = path[path.length - 1] as string;
  if (value === undefined) delete target[last];
  else target[last] = value;
  return state;
}

describe('a cluster state', () => {
  it('comes back as the very value, fields of later versions included', () => {
    const state = { ...smallCluster(), futureKind: [1] };
    expect(parseClusterState(state)).toBe(state);
    expect(parseClusterState(Object.freeze(JSON.parse(JSON.stringify(state))))).toEqual(state);
  });

  it('is refused as a market, even after it was found to be a good cluster state', () => {
    const state = smallCluster();
    parseClusterState(state);
    expect(messageOf(() => parseMarket(state, 'prices.json'))).toMatch(/^prices\.json: schema: must be "market\/v1"/);
  });

  it('is refused with a sentence when an index is an object that compares with nothing', () => {
    // Whether indices point at something was asked of them even when they were no numbers, and comparing one threw a TypeError.
    const state = broken(['pods', 'template', 0], Object.create(null));
    expect(messageOf(() => parseClusterState(state, 'x.json'))).toMatch(
      /^x\.json: pods\.template\[0\]: must be a position/,
    );
  });

  const wrong: readonly (readonly [string, Path, unknown, RegExp])[] = [
    [
      'a field of another type',
      ['nodes', 1, 'ready'],
      'yes',
      /^x\.json: nodes\[1\]\.ready: must be true or false; found "yes"$/,
    ],
    [
      'a field that is missing',
      ['nodes', 0, 'allocatable'],
      undefined,
      /nodes\[0\]\.allocatable: is missing; must be an object/,
    ],
    [
      'a negative amount',
      ['nodes', 0, 'allocatable', 'cpuMillicores'],
      -5,
      /cpuMillicores: must be at least 0; found -5/,
    ],
    [
      'a fraction of a byte',
      ['nodes', 0, 'allocatable', 'memoryBytes'],
      0.5,
      /memoryBytes: must be a whole number; found 0\.5/,
    ],
    [
      'a label that is no text',
      ['nodes', 0, 'labels', 'team.io/name'],
      7,
      /nodes\[0\]\.labels\["team\.io\/name"\]: must be a string; found 7/,
    ],
    [
      'a pod on a node that is not there',
      ['pods', 'node', 1],
      3,
      /pods\.node\[1\]: points beyond the 3 entries of nodes; found 3/,
    ],
    [
      'a pod of a template that is not there',
      ['pods', 'template', 0],
      1,
      /pods\.template\[0\]: points beyond the 1 entries of podTemplates/,
    ],
    ['a column that is too short', ['pods', 'name'], ['web-1'], /pods\.name: has 1 entries and there are 2 pods/],
    [
      'an index that is none',
      ['pods', 'workload', 0],
      -2,
      /pods\.workload\[0\]: must be a position, or -1 for none; found -2/,
    ],
    ['extra of no pod', ['pods', 'extra', '7'], {}, /pods\.extra\["7"\]: is not the position of one of the 2 pods/],
    [
      'extra of another shape',
      ['pods', 'extra', '1'],
      { ready: 'x' },
      /pods\.extra\["1"\]\.ready: must be true or false; found "x"/,
    ],
    [
      'a node that is listed twice',
      ['nodes', 1, 'uid'],
      'uid-a',
      /nodes\[1\]\.uid: is the uid of an earlier node as well/,
    ],
    [
      'a successor that is not there',
      ['workloads', 0, 'successorTemplate'],
      9,
      /workloads\[0\]\.successorTemplate: points beyond/,
    ],
    [
      'a percentage that is none',
      ['podDisruptionBudgets', 0, 'minAvailable'],
      '50 %',
      /minAvailable: must be a whole number .* or a percentage such as "25%"; found "50 %"/,
    ],
    [
      'an unknown word',
      ['coverage'],
      [{ kind: 'Pod', state: 'seen' }],
      /coverage\[0\]\.state: must be "listed" or "partial" or "absent" or "forbidden"; found "seen"/,
    ],
  ];
  it.each(wrong)('names %s', (_, path, value, message) => {
    expect(messageOf(() => parseClusterState(broken(path, value), 'x.json'))).toMatch(message);
  });

  it.each([null, undefined, 7, 'text', []])('says what %j is not', (value) => {
    expect(messageOf(() => parseClusterState(value))).toMatch(/^ClusterState: .*must be an object/);
  });

  it('stays short when a whole column is wrong', () => {
    const count = 150_000;
    const column = (value: unknown) => new Array(count).fill(value);
    const pods = {
      count,
      name: column(7),
      template: column(0),
      workload: column(0),
      node: column(0),
      createdAtSeconds: column(0),
      extra: {},
    };
    const message = messageOf(() => parseClusterState({ ...smallCluster(), pods }));
    expect(message.length).toBeLessThan(1000);
    expect(message).toMatch(/pods\.name\[0\]: must be a string; found 7; .* and 15 more$/);
  });
});

describe('a market', () => {
  it('refuses a price that is negative, and takes null for unknown', () => {
    const offering = { instanceType: 'm5.large', zone: 'a', capacityType: 'spot' as const };
    expect(parseMarket(market([{ ...offering, priceUsdPerHour: null }]))).toBeDefined();
    expect(messageOf(() => parseMarket(market([{ ...offering, priceUsdPerHour: -1 }])))).toMatch(
      /offerings\[3\]\.priceUsdPerHour: must be at least 0; found -1/,
    );
  });
});

describe('a usage history', () => {
  it('refuses a histogram whose weights are not its buckets', () => {
    const usage = {
      schema: 'usage-history/v1',
      asOfMs: now,
      containers: [
        {
          workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
          container: 'web',
          resource: 'cpuMillicores',
          sinceMs: 0,
          untilMs: now,
          samples: 1,
          histogram: { bounds: 'vpa-cpu', bucket: [1, 2], weight: [1] },
        },
      ],
    };
    expect(messageOf(() => parseUsageHistory(usage))).toMatch(
      /containers\[0\]\.histogram: must have one weight for each/,
    );
  });
});

describe('a policy', () => {
  it('has the defaults for whatever is left out', () => {
    expect(parsePolicy()).toEqual(defaultPolicy);
    const partial = { headroom: { cpuShare: 0.1 }, namespaces: { exclude: ['kube-system'] }, freeze: true };
    expect(parsePolicy(partial)).toEqual(mergePolicy(partial));
    expect(parsePolicy(partial).headroom).toEqual({ cpuShare: 0.1, memoryShare: 0 });
  });

  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    [
      'a misspelt field',
      { maxGroupInFlight: 2 },
      /^policy\.yaml: has no field "maxGroupInFlight"; did you mean maxGroupsInFlight\?$/,
    ],
    [
      'a misspelt field further down',
      { pins: { barePod: false } },
      /pins: has no field "barePod"; did you mean barePods\?/,
    ],
    [
      'a field that is none',
      { minSavings: { perMonth: 1 } },
      /minSavings: has no field "perMonth"; it knows usdPerHour, usdPerHourPerEviction\./,
    ],
    ['a share beyond 1', { headroom: { cpuShare: 20 } }, /headroom\.cpuShare: must be at most 1; found 20/],
    [
      'a budget that is no number',
      { disruptionBudgets: [{ nodes: 'ten' }] },
      /disruptionBudgets\[0\]\.nodes: must be a whole number .* "25%"; found "ten"/,
    ],
    ['no group in flight', { maxGroupsInFlight: 0 }, /maxGroupsInFlight: must be at least 1; found 0/],
    [
      'a namespace that is included and excluded',
      { namespaces: { include: ['a', 'b'], exclude: ['b'] } },
      /namespaces: includes and excludes "b" at once; name it in one of the two lists/,
    ],
    ['what is no policy', 'freeze', /must be an object; found "freeze"/],
  ];
  it.each(wrong)('names %s', (_, value, message) => {
    expect(messageOf(() => parsePolicy(value, 'policy.yaml'))).toMatch(message);
  });
});

describe('a request', () => {
  it('gets a whole policy and keeps its inputs as they are', () => {
    const cluster = { ...smallCluster(), futureKind: 1 };
    const request = parseDecisionRequest({ contractVersion: 'v1', options: { any: 'thing' }, cluster });
    expect(request.policy).toEqual(defaultPolicy);
    expect(request.options).toEqual({ any: 'thing' });
    expect(request.cluster).toBe(cluster);
  });

  it('refuses fields that nobody reads', () => {
    expect(messageOf(() => parseDecisionRequest({ contractVersion: 'v1', options: {}, clusters: [] }))).toMatch(
      /has no field "clusters"; did you mean cluster\?/,
    );
  });
});

describe('every field', () => {
  /** Paths of all values that are neither objects nor lists. */
  function leavesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
    if (typeof value !== 'object' || value === null) return [path];
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, field]) => leavesOf(field, [...path, key]));
  }

  const documents: readonly (readonly [string, object, (value: unknown) => unknown])[] = [
    ['a cluster state', smallCluster(), parseClusterState],
    ['a market', market(), parseMarket],
    ['a policy', defaultPolicy, parsePolicy],
  ];
  it.each(documents)('of %s is checked, and named when it is wrong', (_, document, parse) => {
    const leaves = leavesOf(document);
    expect(leaves.length).toBeGreaterThan(10);
    for (const path of leaves) {
      const copy = JSON.parse(JSON.stringify(document)) as Record<string | number, unknown>;
      let target = copy;
      for (const key of path.slice(0, -1)) target = target[key] as Record<string | number, unknown>;
      target[path.at(-1) as string] = { wrong: true };
      const last = path.filter((key) => typeof key === 'string').at(-1) as string;
      expect(
        messageOf(() => parse(copy)),
        path.join('.'),
      ).toContain(last);
    }
  });
});

describe('a plan', () => {
  it('is what sealing makes, after a journey through JSON', async () => {
    const plan = await sealPlan({
      engine: { id: 'test', version: '1', considers: ['nodes'] },
      request: { contractVersion: 'v1', policy: defaultPolicy, options: {}, cluster: smallCluster(), market: market() },
      decision: {
        groups: [{ actions: [launch(), { kind: 'cordon-node', node: { launch: 'new' }, reasons: because }] }],
        rejections: [{ reason: because[0], subjects: [{ kind: 'cluster' }] }],
      },
      context: { now, seed: 0 },
    });
    const text = JSON.stringify(plan);
    expect(parsePlan(JSON.parse(text))).toEqual(plan);
    expect(messageOf(() => parsePlan(JSON.parse(text.replace('"cordon-node"', '"cordon"'))))).toMatch(
      /groups\[0\]\.actions\[1\]\.kind: must be one of .*"cordon-node".*; found "cordon"/,
    );
  });
});
