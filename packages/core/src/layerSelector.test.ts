import {describe, expect, test} from 'vitest';
import {compileLayerSelector, type LayerSelector, type LayerSpec} from './index.js';

const layers: readonly LayerSpec[] = ['dense', 'dense_1', 'conv2d', 'inner/dense', 'inner/out'].map(
  (name) => ({
    name,
    kind: name.startsWith('conv') ? 'Conv2D' : 'Dense',
    inputs: [],
    parameters: [],
    isOutput: name.endsWith('out'),
  }),
);

const selected = (selector: LayerSelector): string[] => [...compileLayerSelector(selector)(layers)];

describe('a layer selector', () => {
  test.each<[LayerSelector, readonly string[]]>([
    ['dense', ['dense']],
    ['dense_1', ['dense_1']],
    ['dense*', ['dense', 'dense_1']],
    ['*', ['dense', 'dense_1', 'conv2d']],
    ['**', layers.map(({name}) => name)],
    ['**/dense', ['dense', 'inner/dense']],
    ['inner/*', ['inner/dense', 'inner/out']],
    [/^dense/, ['dense', 'dense_1']],
    [/dense$/, ['dense', 'inner/dense']],
    [({kind}) => kind === 'Conv2D', ['conv2d']],
    [({isOutput}) => isOutput, ['inner/out']],
    ['gru', []],
  ])('%s picks %j', (selector, names) => {
    expect(selected(selector)).toEqual(names);
  });

  test('asks a predicate once for each list of layers', () => {
    let asked = 0;
    const select = compileLayerSelector(() => (asked++, true));
    select(layers);
    expect([select(layers).size, asked]).toEqual([layers.length, layers.length]);
  });

  test.each<[unknown, string]>([
    [undefined, 'undefined.'],
    ['', "the string ''."],
    [['a'], "a list of 1. For several, use a glob like '{a,b}/**'."],
  ])('%o is refused', (selector, words) => {
    expect(() => compileLayerSelector(selector as LayerSelector)).toThrow(
      new TypeError(`compileLayerSelector: selector must be a glob, a RegExp or a function, got ${words}`),
    );
  });
});
