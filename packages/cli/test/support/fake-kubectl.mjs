#!/usr/bin/env node
/**
 * Stands in for kubectl on the PATH: answers `version` and `get --raw PATH` from the JSON file that FAKE_KUBECTL names, with
 * the exact words of kubectl 1.33 where it fails. Counts its calls in a file beside it.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const scene = JSON.parse(readFileSync(process.env.FAKE_KUBECTL, 'utf8'));
const args = process.argv.slice(2);
appendFileSync(`${process.env.FAKE_KUBECTL}.calls`, `${args.join(' ')}\n`);

if (args.includes('version')) version();
else if (args.includes('--raw')) raw(args[args.indexOf('--raw') + 1]);
else fail(`error: unknown command "${args[0]}"`);

function version() {
  if (scene.version === null) fail('Error: unknown flag: --output');
  const minor = scene.version ?? '33';
  print({ clientVersion: { major: '1', minor, gitVersion: `v1.${minor}.0` }, kustomizeVersion: 'v5.6.0' });
}

function raw(url) {
  const { pathname, searchParams } = new URL(url, 'https://cluster');
  if (scene.unreachable) fail('Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout');
  if (scene.hang === pathname) {
    setTimeout(() => {}, 60_000);
    return;
  }
  if (scene.forbidden?.includes(pathname)) {
    const resource = pathname.split('/').at(-1);
    fail(
      `Error from server (Forbidden): ${resource} is forbidden: User "reader" cannot list resource "${resource}" in API group "" at the cluster scope`,
    );
  }
  const body = scene.answers[pathname];
  if (body === undefined) fail('Error from server (NotFound): the server could not find the requested resource');
  if (typeof body === 'string') {
    process.stdout.write(body);
    return;
  }
  if (body.items === undefined) return print(body);
  const limit = Number(searchParams.get('limit'));
  const from = Number(searchParams.get('continue') ?? 0);
  if (from > 0 && expires(pathname)) {
    fail(
      'Error from server (Expired): The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.',
    );
  }
  const items = body.items.slice(from, from + limit);
  const next = from + limit < body.items.length ? { continue: String(from + limit) } : {};
  print({ ...body, metadata: { resourceVersion: '1000', ...next }, items });
}

/** Whether a continue token of this path has expired: the first `times` times that one is used. */
function expires(path) {
  const times = scene.expires?.[path] ?? 0;
  const file = `${process.env.FAKE_KUBECTL}.expired`;
  const soFar = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (soFar >= times) return false;
  writeFileSync(file, String(soFar + 1));
  return true;
}

function print(value) {
  process.stdout.write(JSON.stringify(value));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
