import {join} from 'node:path';
import ts from 'typescript';
import {root} from './workspaces.js';

const parsed = ts.getParsedCommandLineOfConfigFile(join(root, 'test/tsconfig.json'), undefined, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: ({messageText}) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
  },
});

/** What tests are compiled with, but as strict as a user's `strict: true`, and an example may leave names unused. */
const options: ts.CompilerOptions = {
  ...parsed?.options,
  noUncheckedIndexedAccess: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowJs: true,
  checkJs: true,
};

const host = ts.createCompilerHost(options, true);
const read = host.getSourceFile.bind(host);
const known = new Map<string, ts.SourceFile | undefined>();
host.getSourceFile = (file, ...rest) => {
  if (!known.has(file)) known.set(file, read(file, ...rest));
  return known.get(file);
};

/** A program over `files`; what several programs share is parsed once. */
export function createProgram(files: readonly string[]): ts.Program {
  return ts.createProgram({rootNames: files, options, host});
}
