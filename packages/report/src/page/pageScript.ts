import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);

/** A script as it stands in the page, and what the page's policy knows it by. */
export interface PageScript {
  readonly text: string;
  /** For `script-src`. */
  readonly hash: string;
}

/** Apache ECharts as it is published for pages. */
export function chartLibrary(): PageScript {
  return scriptOf(readFileSync(require.resolve('echarts/dist/echarts.min.js'), 'utf8'));
}

/** What draws the figures with it. */
export function drawingScript(): PageScript {
  return scriptOf(readFileSync(new URL('page.js', import.meta.url), 'utf8'));
}

/** What made a page. */
export function versions(): {readonly report: string; readonly echarts: string} {
  const versionOf = (path: string): string => (require(path) as {readonly version: string}).version;
  return {report: versionOf('../../package.json'), echarts: versionOf('echarts/package.json')};
}

/** Within a string or a pattern, where alone it can occur, an escaped slash means the same. */
function scriptOf(source: string): PageScript {
  const text = source
    .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
    .replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '<\\!--');
  return {text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'`};
}
