import {join, relative} from 'node:path';
import ts from 'typescript';
import {type CodeBlock, codeBlocksIn} from './codeBlock.js';
import {createProgram} from './program.js';
import {root, workspaces} from './workspaces.js';

/** Something that a package exports and that is written in this repository. */
export interface PublicExport {
  /** The package's name. */
  readonly from: string;
  readonly name: string;
  /** Functions and classes; not types, nor constants, whose doc comment says all. */
  readonly isValue: boolean;
  /** The doc comment's text before the first tag. */
  readonly description: string;
  /** The code of all `@example`s, those of members included. */
  readonly examples: readonly CodeBlock[];
}

/** Everything that the packages export. */
export function publicExports(): PublicExport[] {
  const entries = workspaces.flatMap(({manifest, folder}) =>
    Object.entries(manifest.exports ?? {}).map(([path, {'gradwire:source': source}]) => ({
      from: join(manifest.name, path),
      index: join(folder, source!),
    })),
  );
  const program = createProgram(entries.map(({index}) => index));
  const checker = program.getTypeChecker();
  return entries.flatMap(({from, index}) => {
    const source = program.getSourceFile(index);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${relative(root, index)} is not a module.`);
    return checker.getExportsOfModule(module).flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declarations = (symbol.declarations ?? []).filter((node) =>
        node.getSourceFile().fileName.startsWith(join(root, 'packages/')),
      );
      if (declarations.length === 0) return [];
      return {
        from,
        name: exported.name,
        isValue: (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0,
        description: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
        examples: declarations.flatMap((node) => examplesIn(node, `${from} ${exported.name}`)),
      };
    });
  });
}

function examplesIn(declaration: ts.Declaration, label: string): CodeBlock[] {
  const members =
    ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)
      ? (declaration.members as ts.NodeArray<ts.ClassElement | ts.TypeElement>)
      : [];
  return [
    ...ts
      .getJSDocCommentsAndTags(declaration)
      .filter(ts.isJSDoc)
      .flatMap((doc) => codeBlocksIn(exampleText(doc.getText()), () => label)),
    ...members.flatMap((member) => examplesIn(member, `${label}.${member.name?.getText() ?? 'constructor'}`)),
  ];
}

/** What stands under the `@example` tags of a doc comment, as Markdown. */
function exampleText(comment: string): string {
  const lines = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  let inExample = false;
  let inFence = false;
  const kept = lines.filter((line) => {
    const tag = inFence ? null : /^@(\w+)/.exec(line.trim());
    if (tag !== null) inExample = tag[1] === 'example';
    if (line.trim().startsWith('```')) inFence = !inFence;
    return inExample && tag === null;
  });
  // A doc comment cannot hold `*/`.
  return kept.join('\n').replaceAll('*\\/', '*/');
}
