/**
 * The pure packages (core, scheduling, catalog, engines) decide as functions of their input: same input, same bytes
 * out. So their sources may not read a clock, draw random numbers, look at the process or the network, or sort and
 * print by the locale of the machine. This reads their syntax trees and names every place that does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { listFiles } from './lib/files.mjs';
import { readPackages, root } from './lib/packages.mjs';

const isPure = ({ folder }) => ['core', 'scheduling', 'catalog'].includes(folder) || folder.startsWith('engine-');

// Core keeps the clock, in one file, so that everything else can be handed one.
const clockFile = 'packages/core/src/context.ts';
const clock = new Set(['setTimeout', 'setImmediate', 'clearTimeout', 'performance', 'Date.now']);

// The ESM and the CJS copy of core share what they have validated, and share nothing else of the process.
const sharedFile = 'packages/core/src/validated.ts';

const useContext = 'take time from the decision context';
const globals = {
  process: 'what it depends on must arrive as an argument',
  performance: useContext,
  setTimeout: useContext,
  setInterval: useContext,
  setImmediate: useContext,
  clearTimeout: useContext,
  clearInterval: useContext,
  fetch: 'a decision does no I/O',
  console: 'return a reason or a note instead of printing',
  globalThis: 'name what it needs from it as an argument',
  Intl: 'it follows the data of the machine; format in the host',
};
const members = {
  'Date.now': useContext,
  'Math.random': 'draw from the seed of the decision context',
  'crypto.randomUUID': 'draw from the seed of the decision context',
  'crypto.getRandomValues': 'draw from the seed of the decision context',
};
const methods = {
  localeCompare: 'it sorts by the locale of the machine; compare with < and >',
};
// Of a Date these read the time zone of the machine; the getUTC… forms do not.
const localTime = /^(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes|TimezoneOffset)$|^toLocale[A-Za-z]*$/;

const findings = readPackages()
  .filter(isPure)
  .flatMap(({ path }) => listFiles(join(path, 'src')))
  .filter((file) => /\.[cm]?tsx?$/.test(file))
  .flatMap(findImpurities);

for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else console.log('pure: no clock, randomness, process, network or locale in core, scheduling, catalog and the engines');

function findImpurities(file) {
  const name = file.slice(root.length + 1).replaceAll('\\', '/');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const declared = declaredNames(source);
  const found = [];

  const report = (node, what, remedy) => {
    if (name === clockFile && clock.has(what)) return;
    if (name === sharedFile && what === 'globalThis') return;
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${name}:${line + 1}:${character + 1} uses ${what}: ${remedy}`);
  };
  const isGlobal = (node, text) => ts.isIdentifier(node) && node.text === text && !declared.has(text);

  const visit = (node) => {
    // Types have no behaviour: `AbortSignal` or `typeof fetch` in a signature reads nothing.
    if (ts.isTypeNode(node)) return;
    if (ts.isPropertyAccessExpression(node)) {
      const member = `${node.expression.getText()}.${node.name.text}`;
      if (ts.isIdentifier(node.expression) && Object.hasOwn(members, member) && !declared.has(node.expression.text)) {
        report(node, member, members[member]);
      }
      if (Object.hasOwn(methods, node.name.text)) report(node, node.name.text, methods[node.name.text]);
      else if (localTime.test(node.name.text))
        report(node, node.name.text, 'it follows the time zone or locale of the machine');
    } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && isGlobal(node.expression, 'Date')) {
      const isCall = ts.isCallExpression(node);
      if (isCall || !node.arguments?.length) report(node, isCall ? 'Date()' : 'new Date()', useContext);
    } else if (
      ts.isIdentifier(node) &&
      Object.hasOwn(globals, node.text) &&
      !declared.has(node.text) &&
      isReference(node)
    ) {
      report(node, node.text, globals[node.text]);
    }
    if ((isGlobal(node, 'Math') || isGlobal(node, 'Date')) && isReference(node) && isAlias(node)) {
      report(node, `${node.text} as a value`, 'write the member out where it is used, so that this check can read it');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether the identifier is read as a variable, rather than being the name of a property or of a declaration. */
function isReference(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return parent.name !== node && parent.propertyName !== node && parent.label !== node;
}

/** Whether `Math` or `Date` is handed on instead of used: `const { random } = Math` hides what it reads. */
function isAlias({ parent }) {
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind !== ts.SyntaxKind.InstanceOfKeyword;
  return !ts.isPropertyAccessExpression(parent) && !ts.isNewExpression(parent) && !ts.isCallExpression(parent);
}

/** Names that the file itself declares or imports: its own `process` is not Node's. */
function declaredNames(source) {
  const names = new Set();
  const visit = (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    // A parameter inside a type, as in `(process: string) => void`, declares nothing.
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}
