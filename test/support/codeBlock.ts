/** A piece of code in a documentation. */
export interface CodeBlock {
  /** Where it stands, for people. */
  readonly label: string;
  readonly language: 'ts' | 'js';
  readonly code: string;
  /** Whether it is run, or only type-checked. */
  readonly runs: boolean;
}

const languages: Readonly<Record<string, CodeBlock['language']>> = {
  ts: 'ts',
  typescript: 'ts',
  js: 'js',
  javascript: 'js',
};

/** The fenced TypeScript and JavaScript in a Markdown text; the others (`sh`, `text`, …) are left out. */
export function codeBlocksIn(markdown: string, label: (line: number) => string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const [, indent = '', fence, info = ''] = /^( *)(`{3,})(.*)$/.exec(lines[i] as string) ?? [];
    if (fence === undefined) continue;
    const start = i + 1;
    const isEnd = (line: string) => line.trim() === fence;
    do i++;
    while (i < lines.length && !isEnd(lines[i] as string));
    if (i === lines.length) throw new Error(`${label(start)}: the fence is never closed.`);
    const [language = '', ...flags] = info.trim().split(/\s+/);
    if (!(language in languages)) continue;
    blocks.push({
      label: label(start),
      language: languages[language] as CodeBlock['language'],
      code: lines
        .slice(start, i)
        .map((line) => line.slice(indent.length))
        .join('\n'),
      runs: !flags.includes('no-run'),
    });
  }
  return blocks;
}
