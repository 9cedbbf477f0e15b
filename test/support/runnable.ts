import ts from 'typescript';
import type {CodeBlock} from './codeBlock.js';

/**
 * The code of an example as a module that checks itself: behind each `console.log(…)` and `….print()` with a comment
 * stands a check of that comment. Lines stay where they are.
 */
export function runnable({code, language}: CodeBlock): string {
  const source = ts.createSourceFile(`example.${language}`, code, ts.ScriptTarget.Latest);
  const checks: {readonly at: number; readonly comment: string}[] = [];
  const visit = (node: ts.Node): void => {
    const [trailing] = isPrinting(node, source) ? (ts.getTrailingCommentRanges(code, node.end) ?? []) : [];
    if (trailing !== undefined) {
      const comment = code.slice(trailing.pos, trailing.end).replace(/^\/[/*]|\*\/$/g, '');
      checks.push({at: node.end, comment: comment.trim()});
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const checked = checks.reduceRight(
    (text, {at, comment}) =>
      `${text.slice(0, at)} expectPrinted(${JSON.stringify(comment)});${text.slice(at)}`,
    code,
  );
  return `${checked}\nimport {expectPrinted} from '../../support/printed.js';\n`;
}

function isPrinting(node: ts.Node, source: ts.SourceFile): boolean {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false;
  return /(^console\.log|\.print)$/.test(node.expression.expression.getText(source));
}
