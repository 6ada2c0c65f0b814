import ts from 'typescript';

/** One small change of a filter's source, such as `<` for `<=`. */
export interface Mutant {
  /** File, what stood there and what stands there instead: stays the same while lines move. */
  readonly id: string;
  readonly file: string;
}

/** The variable that says which mutant is alive; none is when it is undefined. */
const active = 'cloudoptimMutant';

/** Brings a mutant to life in all modules made by `mutate`; undefined puts it to rest. */
export function activate(mutant: Mutant | undefined): void {
  (globalThis as Record<string, unknown>)[active] = mutant?.id;
}

/**
 * Compiles a module with all its mutants in it, each asleep: `mutant is active ? changed : as written`. So one compilation
 * serves hundreds of mutants.
 */
export function mutate(file: string, source: string): { readonly code: string; readonly mutants: readonly Mutant[] } {
  const mutants: Mutant[] = [];
  const seen = new Map<string, number>();
  const name = (node: ts.Node, to: string) => {
    const text = node.getText().replace(/\s+/g, ' ');
    const id = `${file}: ${text.length > 90 ? `${text.slice(0, 87)}…` : text} → ${to}`;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return times === 1 ? id : `${id} (${times})`;
  };
  const { outputText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    transformers: {
      before: [
        (context) => (root) => {
          const visit = (node: ts.Node): ts.Node => {
            // Types are not code, and a default value that is changed is seen as the change of what uses it.
            if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node)) return node;
            // Where a loop ends is no rule: one step more finds nothing, or falls over.
            if (ts.isForStatement(node))
              return context.factory.updateForStatement(
                node,
                node.initializer,
                node.condition,
                node.incrementor,
                ts.visitNode(node.statement, visit) as ts.Statement,
              );
            const inside = ts.visitEachChild(node, visit, context);
            let result = inside;
            for (const [changed, to] of changesOf(node, inside, context.factory)) {
              const id = name(node, to);
              mutants.push({ id, file });
              result = conditional(context.factory, id, changed, result as ts.Expression);
            }
            return result;
          };
          return ts.visitNode(root, visit) as ts.SourceFile;
        },
      ],
    },
  });
  return { code: outputText, mutants };
}

function conditional(factory: ts.NodeFactory, id: string, changed: ts.Expression, written: ts.Expression) {
  const isActive = factory.createStrictEquality(
    factory.createPropertyAccessExpression(factory.createIdentifier('globalThis'), active),
    factory.createStringLiteral(id),
  );
  return factory.createParenthesizedExpression(
    factory.createConditionalExpression(
      isActive,
      undefined,
      factory.createParenthesizedExpression(changed),
      undefined,
      factory.createParenthesizedExpression(written),
    ),
  );
}

const otherOperator: ReadonlyMap<ts.SyntaxKind, readonly [ts.BinaryOperator, string]> = new Map([
  [ts.SyntaxKind.LessThanToken, [ts.SyntaxKind.LessThanEqualsToken, '<=']],
  [ts.SyntaxKind.LessThanEqualsToken, [ts.SyntaxKind.LessThanToken, '<']],
  [ts.SyntaxKind.GreaterThanToken, [ts.SyntaxKind.GreaterThanEqualsToken, '>=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, [ts.SyntaxKind.GreaterThanToken, '>']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, [ts.SyntaxKind.ExclamationEqualsEqualsToken, '!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, [ts.SyntaxKind.EqualsEqualsEqualsToken, '===']],
  [ts.SyntaxKind.PlusToken, [ts.SyntaxKind.MinusToken, '-']],
  [ts.SyntaxKind.MinusToken, [ts.SyntaxKind.PlusToken, '+']],
]);

const otherMethod: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min' };

/** Whether an expression only makes sure that there is something to look at: without it code falls over or means the same. */
function isGuard(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node;
    if (ts.isIdentifier(right) && right.text === 'undefined') return true;
    return operatorToken.kind === ts.SyntaxKind.BarBarToken && isGuard(left) && isGuard(right);
  }
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'hasOwn'
  );
}

/** What an expression may be changed into, each with a word for it; `node` is `written` with mutants inside it already. */
function changesOf(written: ts.Node, node: ts.Node, factory: ts.NodeFactory): (readonly [ts.Expression, string])[] {
  if (ts.isBinaryExpression(node) && ts.isBinaryExpression(written)) {
    const { left, right, operatorToken } = node;
    const other = otherOperator.get(operatorToken.kind);
    if (isGuard(written)) return [];
    if (other !== undefined) return [[factory.createBinaryExpression(left, other[0], right), other[1]]];
    const either =
      operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken || operatorToken.kind === ts.SyntaxKind.BarBarToken;
    if (either) {
      const changes: (readonly [ts.Expression, string])[] = [];
      if (!isGuard(written.right)) changes.push([left, 'left alone']);
      if (!isGuard(written.left)) changes.push([right, 'right alone']);
      return changes;
    }
    if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [[right, 'the default']];
  }
  if (ts.isConditionalExpression(node) && ts.isConditionalExpression(written) && !isGuard(written.condition)) {
    const { condition, whenTrue, whenFalse } = node;
    return [
      [factory.createConditionalExpression(condition, undefined, whenFalse, undefined, whenTrue), 'swapped'],
      [whenTrue, 'always the first'],
      [whenFalse, 'always the second'],
    ];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [[node.operand, 'not negated']];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[factory.createFalse(), 'false']];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[factory.createTrue(), 'true']];
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression;
    const method = otherMethod[name.text];
    if (method !== undefined) {
      const access = factory.createPropertyAccessExpression(expression, method);
      return [[factory.createCallExpression(access, undefined, node.arguments), method]];
    }
  }
  return [];
}
