import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkEngineConformance, describeEngineConformance, exampleEngines, formatReport } from '../../src/index.js';
import { createReferenceEngine } from '../mutants/reference-engine.js';

const [, , , officeHours] = exampleEngines as [never, never, never, (typeof exampleEngines)[number]];
const lossy = createReferenceEngine('loses-a-candidate', {
  decides: (decision) => ({ ...decision, rejections: decision.rejections.slice(1) }),
});

interface Declared {
  readonly name: string;
  readonly body: () => Promise<void>;
  readonly timeoutMs: number | undefined;
}

/** A runner that keeps what is declared, as jest does before it runs anything. */
function recorder() {
  const declared: Declared[] = [];
  const api = {
    describe: (name: string, body: () => void) => {
      declared.push({ name, body: async () => {}, timeoutMs: undefined });
      body();
    },
    it: (name: string, body: () => Promise<void>, timeoutMs?: number) => {
      declared.push({ name, body, timeoutMs });
    },
  };
  return { api, declared };
}

describe('describeEngineConformance', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('takes describe and it from the globals, as jest provides them', async () => {
    const { api, declared } = recorder();
    vi.stubGlobal('describe', api.describe);
    vi.stubGlobal('it', api.it);
    const lines: string[] = [];
    describeEngineConformance({ engine: officeHours, runs: 5, seed: 1, print: (line) => lines.push(line) });
    expect(declared.map(({ name }) => name)).toStrictEqual([
      'conformance of engine example-office-hours',
      'keeps every law on 5 generated cases',
    ]);
    expect(declared[1]?.timeoutMs).toBe(600_000);
    await declared[1]?.body();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^example-office-hours 1\.0\.0: conforms · 5 cases, seed 1 · \d+ % of plans non-empty/);
  });

  it('says how to pass a runner when there is none among the globals', () => {
    vi.stubGlobal('describe', undefined);
    vi.stubGlobal('it', undefined);
    expect(() => describeEngineConformance({ engine: officeHours })).toThrow(/test: \{ describe, it \}/);
  });

  it('fails with the law, the smallest case and how to see it again', async () => {
    const { api, declared } = recorder();
    describeEngineConformance({ engine: lossy, runs: 30, seed: 1, fixtures: false, test: api, print: () => {} });
    const failure = await declared[1]?.body().then(
      () => '',
      (error: Error) => error.message,
    );
    expect(failure).toMatch(
      /^Law candidates-judged is broken: the candidate node\|uid-node-0 is neither acted on nor rejected/,
    );
    expect(failure).toMatch(/Case: \d nodes, \d+ pods/);
    expect(failure).toMatch(/Replay: await checkEngineConformance\(engine, \{ seed: 1, path: '[\d:]+' \}\)/);
  });

  it('measures engines that consider nodes on the fixtures, and names what they missed', async () => {
    const { api, declared } = recorder();
    const idle = createReferenceEngine('idle', {
      decides: (_, { cluster }) => ({
        groups: [],
        rejections: cluster.nodes.map(({ uid, name }) => ({
          reason: { code: 'idle', message: 'Not today.' },
          subjects: [{ kind: 'node' as const, uid, name }],
        })),
      }),
    });
    describeEngineConformance({ engine: idle, runs: 1, seed: 1, test: api, print: () => {} });
    expect(declared[2]?.name).toBe('finds at least 90 % of the savings known by construction');
    await expect(declared[2]?.body()).rejects.toThrow(
      /known-savings.*0 %, less than 90 %[\s\S]*empty-node: found 0 of 0.2/,
    );
  });

  it('runs under node:test', () => {
    const file = fileURLToPath(new URL('./node-test-example.ts', import.meta.url));
    const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
    const run = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-reporter', 'tap', file], {
      encoding: 'utf8',
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig, NODE_OPTIONS: '' },
    });
    expect(run.stdout, run.stderr).toMatch(/ok \d+ - keeps every law on 5 generated cases/);
    expect(run.stdout).toMatch(/example-office-hours 1\.0\.0: conforms/);
    expect(run.status).toBe(0);
  });
});

describe('checkEngineConformance', () => {
  it('repeats a failure from its replay', async () => {
    const first = await checkEngineConformance(lossy, { runs: 30, seed: 1, fixtures: false });
    const failure = first.failures[0];
    expect(failure?.replay).toBeDefined();
    const again = await checkEngineConformance(lossy, { runs: 30, ...failure?.replay });
    expect(again.runs).toBe(1);
    expect(again.failures[0]?.law).toBe(failure?.law);
    expect(again.failures[0]?.counterexample).toBe(failure?.counterexample);
  });

  it('shrinks to a cluster that a person can read', async () => {
    const { failures } = await checkEngineConformance(lossy, { runs: 30, seed: 1, fixtures: false });
    expect(failures[0]?.counterexample.split('\n').length).toBeLessThan(12);
  });

  it('draws a seed and reports it with the figures', async () => {
    const report = await checkEngineConformance(officeHours, { runs: 3 });
    expect(Number.isInteger(report.seed)).toBe(true);
    expect(report).toMatchObject({ passed: true, runs: 3, engine: { id: 'example-office-hours', version: '1.0.0' } });
    expect(formatReport(report)).toContain(`seed ${report.seed}`);
  });

  it('escapes what a generated name would do to a terminal', async () => {
    const { failures } = await checkEngineConformance(lossy, { runs: 30, seed: 1, fixtures: false, shrink: false });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(failures[0]?.counterexample).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});
