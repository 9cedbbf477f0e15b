/** The targets of a Markdown text's links to other files, without anchors; code is left out. */
export function relativeLinksIn(markdown: string): string[] {
  const prose = markdown.replace(/^ *(`{3,}).*\n(?:.*\n)*? *\1 *$/gm, '').replace(/`[^`\n]*`/g, '');
  const inline = prose.matchAll(/\]\(\s*<?([^\s)>]+)/g);
  const definitions = prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm);
  return [...inline, ...definitions]
    .map(([, target = '']) => target)
    .filter((target) => !/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(target))
    .map((target) => decodeURI(target.replace(/[?#].*$/, '')))
    .filter((path) => path !== '');
}
