import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {figures, figureSvg, type RecordedRun, report} from '@gradwire/report';
import * as tf from '@tensorflow/tfjs';
import {type Browser, chromium as playwright, type Page} from 'playwright';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {chromium} from '../browser/chromium.js';
import {marksOf, withoutData} from './marks.js';
import {recordCircles} from './recordCircles.js';
import {undrawn} from './undrawn.js';

const EVIL = `</script><img src=x onerror="document.title='taken'">`;
const KINDS = [
  'learning-curves',
  'decision-boundary',
  'alerts-and-remedies',
  'gradients',
  'gradients-final',
  'gradient-norms',
  'gradient-magnitude',
  'histograms-gradients',
  'histograms-gradients-final',
  'transform-norms',
  'update-ratio',
  'weights',
  'activations',
];
const VIEWS = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({width, colorScheme})),
);

let runs: readonly RecordedRun[];

const marks = (name: string) => marksOf(figures(name === 'one' ? runs.slice(0, 1) : runs));

beforeAll(async () => {
  await tf.setBackend('cpu');
  const [sigmoid, relu] = [await recordCircles('sigmoid', 4), await recordCircles('relu', 4)];
  const at = {run: relu.events[0]!.run, step: 12, epoch: 1, time: 0};
  const alert = {type: 'alert', ...at, rule: EVIL, severity: 'warning', message: EVIL} as const;
  const remedy = {type: 'remedy', ...at, remedy: 'rest', action: 'applied', parameters: []} as const;
  runs = [sigmoid, {...relu, name: EVIL, events: [...relu.events, alert, remedy]}];
});

it('a real training has every figure', () => {
  expect(figures(runs).map(({id}) => id)).toEqual(KINDS);
});

describe.skipIf(chromium === undefined)('in Chromium', () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gradwire-report-'));
    const table = {title: 'Published', columns: ['cell', 'published', 'here'], rows: [[EVIL, 0.588, 0.6]]};
    writeFileSync(join(folder, 'two.html'), report({title: EVIL, runs, tables: [table]}));
    writeFileSync(join(folder, 'one.html'), report({title: 'one', runs: runs.slice(0, 1)}));
    browser = await playwright.launch({executablePath: chromium!, args: ['--no-sandbox']});
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, {recursive: true});
  });

  describe.each(['one', 'two'])('the page of %s', (name) => {
    describe.each(VIEWS)('at $width px, $colorScheme', ({width, colorScheme}) => {
      const said: string[] = [];
      const asked: string[] = [];
      let page: Page;

      beforeAll(async () => {
        page = await browser.newPage({viewport: {width, height: 900}, colorScheme});
        page.on('console', (message) => said.push(message.text()));
        page.on('pageerror', ({message}) => said.push(message));
        page.on('request', (request) => asked.push(request.url()));
        await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
        await page.waitForSelector('html[data-figures=drawn]', {state: 'attached'});
      });

      afterAll(() => page?.close());

      it('says nothing on the console', () => {
        expect(said).toEqual([]);
      });

      it('asks for no other file', () => {
        expect(asked).toEqual([pathToFileURL(join(folder, `${name}.html`)).href]);
      });

      it('draws every figure', async () => {
        expect(await page.evaluate(undrawn, marks(name))).toEqual([]);
      });

      it('keeps every text within its figure', async () => {
        expect(await page.evaluate(cutTexts)).toEqual([]);
      });

      it('has no text upon another', async () => {
        expect(await page.evaluate(overlaps)).toEqual([]);
      });

      it('scrolls up and down only', async () => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      });

      it('has contrast in every text', async () => {
        expect(await page.evaluate(paleTexts)).toEqual([]);
      });

      it('takes no name for markup', async () => {
        expect(await page.title()).not.toBe('taken');
      });
    });
  });

  it('a page whose series are empty has drawn none of its figures', async () => {
    const page = await browser.newPage();
    writeFileSync(join(folder, 'empty.html'), withoutData(report({title: 'empty', runs})));
    await page.goto(pathToFileURL(join(folder, 'empty.html')).href);
    await page.waitForSelector('html[data-figures=drawn]', {state: 'attached'});
    const missed = await page.evaluate(undrawn, marks('two'));
    expect(missed.map((one) => one.replace(/ shows 0 of .*/, ''))).toEqual(KINDS);
    await page.close();
  });

  it('a page that lacks one curve has not drawn its figure', async () => {
    const page = await browser.newPage();
    const text = withoutData(
      report({title: 'less', runs}),
      (figure, i) => figure === 'learning-curves' && i === 0,
    );
    writeFileSync(join(folder, 'less.html'), text);
    await page.goto(pathToFileURL(join(folder, 'less.html')).href);
    await page.waitForSelector('html[data-figures=drawn]', {state: 'attached'});
    expect(await page.evaluate(undrawn, marks('two'))).toEqual([
      expect.stringMatching(/^learning-curves shows \d+ of \d+$/),
    ]);
    await page.close();
  });

  it('figures follow when the scheme changes', async () => {
    const page = await browser.newPage({colorScheme: 'light'});
    await page.goto(pathToFileURL(join(folder, 'one.html')).href);
    await page.waitForSelector('html[data-figures=drawn]', {state: 'attached'});
    await page.emulateMedia({colorScheme: 'dark'});
    await page.waitForSelector('#chart-learning-curves rect[fill="#171b21"]', {state: 'attached'});
    expect(await page.evaluate(paleTexts)).toEqual([]);
    await page.close();
  });

  it('a tooltip tells the values under the pointer', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(folder, 'two.html')).href);
    await page.waitForSelector('html[data-figures=drawn]', {state: 'attached'});
    const chart = page.locator('#chart-learning-curves');
    await chart.scrollIntoViewIfNeeded();
    await chart.hover({position: {x: 260, y: 160}});
    await expect.poll(() => chart.innerText()).toContain('epoch');
    expect(await chart.innerText()).toMatch(/sigmoid +[\d.]+/);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('SVG files are well formed: %s', async (theme) => {
    const page = await browser.newPage();
    const files = figures(runs).flatMap((figure) =>
      [400, 960].map((width) => figureSvg(figure, {width, theme})),
    );
    const roots = await page.evaluate(
      (texts) =>
        texts.map((text) => {
          const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
          return parsed.querySelector('parsererror') === null ? parsed.documentElement.localName : text;
        }),
      files,
    );
    expect(new Set(roots)).toEqual(new Set(['svg']));
    await page.close();
  });
});

function cutTexts(): string[] {
  return [...document.querySelectorAll('.chart')].flatMap((chart) => {
    const box = chart.getBoundingClientRect();
    return [...chart.querySelectorAll('svg text')].flatMap((text) => {
      const {left, right, top, bottom} = text.getBoundingClientRect();
      const isWithin =
        left > box.left - 1 && right < box.right + 1 && top > box.top - 1 && bottom < box.bottom + 1;
      return isWithin ? [] : [`${chart.id}: ${text.textContent}`];
    });
  });
}

function overlaps(): string[] {
  return [...document.querySelectorAll('.chart')].flatMap((chart) => {
    const texts = [...chart.querySelectorAll('svg text')].map((text) => ({
      text: text.textContent,
      box: text.getBoundingClientRect(),
    }));
    return texts.flatMap((one, i) =>
      texts
        .slice(i + 1)
        .filter(({box}) => {
          const across = Math.min(one.box.right, box.right) - Math.max(one.box.left, box.left);
          const down = Math.min(one.box.bottom, box.bottom) - Math.max(one.box.top, box.top);
          return across > 2 && down > 4;
        })
        .map(({text}) => `${chart.id}: ${one.text} and ${text}`),
    );
  });
}

/** Texts with less than 4.5 to 1 against what is behind them, by WCAG. */
function paleTexts(): string[] {
  const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string): number => {
    const [r, g, b] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const groundOf = (element: Element): string => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const {backgroundColor} = getComputedStyle(at);
      if (channels(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const all = [...document.querySelectorAll('svg text, h1, h2, p, a, th, td, figcaption, span, code')];
  return all.flatMap((element) => {
    if ((element.textContent ?? '').trim() === '') return [];
    const {color, fill} = getComputedStyle(element);
    const [a, b] = [luminance(element.localName === 'text' ? fill : color), luminance(groundOf(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 4.5 ? [`${element.textContent}: ${contrast.toFixed(1)}`] : [];
  });
}
