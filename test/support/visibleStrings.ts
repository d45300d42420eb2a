import ts from 'typescript';
import { nodesOf } from './sources.ts';

/** Functions and constructors whose text arguments the user reads. */
const SHOWN_ARGUMENTS =
  /^(show(Information|Warning|Error)Message|setStatusBarMessage|appendText|appendMarkdown|MarkdownString|TreeItem)$/;

/** Properties whose text the user reads, of VS Code's own objects and of our prompts' options. */
const SHOWN_PROPERTIES = new Set([
  ...['title', 'placeHolder', 'placeholder', 'prompt', 'label', 'description', 'detail'],
  ...['tooltip', 'message', 'text', 'name', 'validationMessage', 'openLabel', 'saveLabel'],
]);

/** Where `name`, `text` and `message` are something else too: only these calls' own options count. */
const AMBIGUOUS = new Set(['name', 'text', 'message']);
const OPTIONS_OF = /^(createTerminal|report|createQuickPick|createStatusBarItem|withProgress)$/;

/**
 * Texts in a source file that the user would see and that do not come from `l10n.t`: those with a
 * letter in them, where VS Code shows what it is given. As `line: text`.
 */
export function untranslatedStrings(source: ts.SourceFile): string[] {
  return [...nodesOf(source)]
    .flatMap(shownExpressions)
    .flatMap(ownTexts)
    .filter(node => /\p{Letter}{2}/u.test(textOf(node)))
    .map(node => `${lineOf(source, node)}: ${textOf(node)}`);
}

function shownExpressions(node: ts.Node): ts.Expression[] {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    return SHOWN_ARGUMENTS.test(calleeName(node)) ? [...(node.arguments ?? [])] : [];
  }
  if (ts.isPropertyAssignment(node)) {
    const name = node.name.getText();
    const counts = SHOWN_PROPERTIES.has(name) && (!AMBIGUOUS.has(name) || isOptionOf(node));
    return counts ? [node.initializer] : [];
  }
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left)
  ) {
    return SHOWN_PROPERTIES.has(node.left.name.text) ? [node.right] : [];
  }
  return [];
}

function isOptionOf(node: ts.PropertyAssignment): boolean {
  const call = node.parent.parent;
  return ts.isCallExpression(call) && OPTIONS_OF.test(calleeName(call));
}

function calleeName(node: ts.CallExpression | ts.NewExpression): string {
  const callee = node.expression;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
}

type TextNode = ts.StringLiteralLike | ts.TemplateExpression;

/** The texts an expression may amount to, without those inside calls, which answer for themselves. */
function ownTexts(node: ts.Node): TextNode[] {
  if (ts.isStringLiteralLike(node)) return [node];
  if (ts.isTemplateExpression(node)) return [node];
  if (ts.isConditionalExpression(node)) {
    return [...ownTexts(node.whenTrue), ...ownTexts(node.whenFalse)];
  }
  if (ts.isBinaryExpression(node)) return [...ownTexts(node.left), ...ownTexts(node.right)];
  if (ts.isParenthesizedExpression(node)) return ownTexts(node.expression);
  return [];
}

/** Without a template's placeholders, icons, inline code and addresses: no language has other ones. */
function textOf(node: TextNode): string {
  const text = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(span => span.literal.text)].join('')
    : node.text;
  return text.replace(/\$\([\w~-]+\)|`[^`]*`|\b\w+:\/\/\S+/g, '').trim();
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
