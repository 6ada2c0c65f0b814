import { describe, expect, it } from 'vitest';
import { run } from '../src/run.js';
import { memoryIo } from './support/memory-io.js';

describe('cloudoptim', () => {
  it('prints its version', async () => {
    const io = memoryIo();
    expect(await run(['--version'], io)).toBe(0);
    expect(io.out()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints help without arguments, with an example and the exit codes', async () => {
    const io = memoryIo();
    expect(await run([], io)).toBe(0);
    expect(io.out()).toContain('$ cloudoptim analyze --snapshot dump.json.gz');
    expect(io.out()).toContain('Exit codes: 0 done or verified, 1 refused');
  });

  it.each(['analyze', 'snapshot', 'verify', 'explain', 'engines'])(
    'prints help with examples for %s',
    async (command) => {
      const io = memoryIo();
      expect(await run([command, '--help'], io)).toBe(0);
      expect(io.out()).toContain(`$ cloudoptim ${command}`);
      expect(io.out()).toContain('Exit codes:');
      expect(io.err()).toBe('');
    },
  );

  it.each([
    [['analyse'], /unknown command 'analyse'[\s\S]*Did you mean analyze/],
    [['analyze', '--outptu', 'json'], /unknown option '--outptu'[\s\S]*--output/],
    [['analyze', '--output', 'xml'], /'xml' is invalid\. Allowed choices are table, json, yaml, markdown/],
    [['analyze', '--fail-above', 'lots'], /'lots' is invalid\. It must be dollars a month/],
    [['analyze', '--fail-above', '-1'], /dollars a month/],
    [['analyze', '--now', 'yesterday'], /ISO time with its zone/],
    [['analyze', '--now', '2026-10-05T09:00:00'], /ISO time with its zone/],
    [['analyze', '--kubectl-timeout', '0'], /number of seconds/],
    [['analyze', 'dump.json'], /too many arguments/],
    [['verify', '--snapshot', 'a.json'], /required option '--plan <FILE>' not specified/],
    [['explain', '--plan', 'p.json', '--node', 'a', '--workload', 'b/c'], /cannot be used with/],
    [['explain', '--plan', 'p.json', '--workload', 'cart'], /--workload is "cart"; write NAMESPACE\/NAME/],
    [['snapshot'], /required option '-o, --out <FILE>'/],
    [['verify', '--plan', '-', '--snapshot', '-'], /cannot both come from the standard input/],
    [['analyze', '--engine', 'no-such-engine', '--snapshot', 'x'], /There is no engine "no-such-engine"/],
    [['analyze', '--policy', 'nowhere.yaml'], /The policy file nowhere\.yaml cannot be read: there is no such file/],
    [['analyze', '--prices', 'nowhere.csv'], /The price file nowhere\.csv cannot be read/],
    [['analyze', '--snapshot', 'nowhere.json'], /nowhere\.json/],
    [['verify', '--plan', 'nowhere.json'], /The plan file nowhere\.json cannot be read/],
  ])('exits with 2 and one sentence for %j', async (argv, sentence) => {
    const io = memoryIo();
    expect(await run(argv, io)).toBe(2);
    expect(io.err()).toMatch(sentence);
    expect(io.err()).toMatch(/^cloudoptim: /);
    expect(io.err()).not.toMatch(/\n\s+at |Error:/);
    expect(io.out()).toBe('');
  });

  it('shows where an error happened only when asked to', async () => {
    const io = memoryIo({ env: { CLOUDOPTIM_DEBUG: '1' } });
    expect(await run(['analyze', '--policy', 'nowhere.yaml'], io)).toBe(2);
    expect(io.err()).toMatch(/\n\s+at /);
  });

  it('lists the engines', async () => {
    const io = memoryIo();
    expect(await run(['engines'], io)).toBe(0);
    expect(io.out()).toMatch(/binpack \(default\)\s+\d+\.\d+\.\d+\s+nodes\s+cluster, market/);
  });

  it('lists the engines as JSON with the schema of their options', async () => {
    const io = memoryIo();
    expect(await run(['engines', '--output', 'json'], io)).toBe(0);
    expect(JSON.parse(io.out())).toMatchObject([{ id: 'binpack', options: { type: 'object' } }]);
  });
});
