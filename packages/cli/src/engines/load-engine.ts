import { existsSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ContractMismatch, type DecisionEngine } from '@cloudoptim/core';
import { fileProblem } from '../input/read-text-file.js';
import { UserError } from '../user-error.js';
import { builtinEngines } from './builtin-engines.js';
import { resolvePackage } from './resolve-package.js';

/** What a command can give an engine; an engine that requires more cannot run here. */
const available = ['cluster', 'market'];

/**
 * Finds an engine by the id of a built-in one, by a path, or by the name of a package installed in the user's folder.
 * `onCode` is told before any code of the user's choice runs. Throws UserError, or ContractMismatch for another contract.
 */
export async function loadEngine(
  name: string,
  cwd: string,
  onCode: (file: string) => Promise<void>,
): Promise<DecisionEngine> {
  const builtin = builtinEngines.find((engine) => engine.id === name || engine.packageName === name);
  if (builtin !== undefined) return builtin.load();
  const file = isPath(name) ? pathOf(name, cwd) : packageOf(name, cwd);
  await onCode(file);
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UserError(`The engine ${name} could not be loaded from ${file}: ${(error as Error)?.message ?? error}.`, {
      cause: error,
    });
  }
  return checkEngine(engineOf(module, name), name);
}

/** A name with a slash is a path only when it cannot be a scoped package; `engine.mjs` is a file, `engine` is not. */
function isPath(name: string): boolean {
  return /^\.{1,2}([/\\]|$)/.test(name) || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name);
}

function pathOf(name: string, cwd: string): string {
  const file = resolve(cwd, name);
  try {
    if (statSync(file).isFile()) return file;
  } catch (error) {
    throw new UserError(`The engine ${name} cannot be read: ${fileProblem(error)}. It was looked for at ${file}.`, {
      cause: error,
    });
  }
  throw new UserError(`The engine ${name} is a folder; name the JavaScript file in it that exports the engine.`);
}

function packageOf(name: string, cwd: string): string {
  if (!/^(@[a-z0-9~._-]+\/)?[a-z0-9~._-]+(\/[\w.~/-]+)?$/i.test(name)) throw unknownEngine(name);
  const file = resolvePackage(name, cwd);
  if (file === undefined || !existsSync(file)) throw unknownEngine(name);
  return file;
}

function unknownEngine(name: string): UserError {
  return new UserError(
    `There is no engine ${JSON.stringify(name)}. Built in: ${builtinEngines.map(({ id }) => id).join(', ')}. For one of your own name a path (./engine.mjs) or a package installed in this folder (npm install ${/^[@\w./-]+$/.test(name) ? name : 'NAME'}).`,
  );
}

/** The default export, else the one export that is an engine; an exported class without constructor arguments will do. */
function engineOf(module: Record<string, unknown>, name: string): unknown {
  const exported = [
    ...('default' in module ? [module.default] : []),
    ...Object.entries(module).flatMap(([key, value]) => (key === 'default' ? [] : [value])),
  ];
  for (const value of exported) {
    // A CommonJS module arrives as the default export of its own namespace.
    const inner = isObject(value) && 'default' in value && !('analyze' in value) ? value.default : value;
    if (isObject(inner) && 'analyze' in inner) return inner;
    if (typeof inner === 'function' && isObject(inner.prototype) && 'analyze' in inner.prototype) {
      return new (inner as new () => unknown)();
    }
  }
  throw new UserError(
    `${name} exports no engine. Export one as default: \`export default defineEngine({ … })\`, see @cloudoptim/core.`,
  );
}

function checkEngine(value: unknown, name: string): DecisionEngine {
  const engine = value as Partial<DecisionEngine>;
  if (engine.contractVersion !== 'v1') throw new ContractMismatch(`The engine ${name}`, engine.contractVersion);
  const problem = problemOf(engine);
  if (problem !== undefined) throw new UserError(`The engine ${name} does not fit the contract: ${problem}.`);
  const missing = (engine.requires ?? []).filter((input) => !available.includes(input));
  if (missing.length > 0) {
    throw new UserError(
      `The engine ${name} requires ${missing.join(', ')}, which this command does not have: it can give ${available.join(' and ')}.`,
    );
  }
  return engine as DecisionEngine;
}

function problemOf({ id, version, analyze, considers, requires }: Partial<DecisionEngine>): string | undefined {
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    return `its id is ${JSON.stringify(id)}; it must be kebab-case such as my-engine`;
  }
  if (builtinEngines.some((builtin) => builtin.id === id)) return `its id ${id} is that of a built-in engine`;
  if (typeof version !== 'string' || version === '')
    return `its version is ${JSON.stringify(version)}; it must be a text such as 1.0.0`;
  if (typeof analyze !== 'function') return 'it has no analyze method';
  if (!Array.isArray(considers)) return 'it does not declare what it considers, a list such as ["nodes"]';
  if (!Array.isArray(requires)) return 'it does not declare what it requires, a list such as ["cluster", "market"]';
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
