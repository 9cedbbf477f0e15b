import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, test} from 'vitest';
import {compileSelector, type ParamSpec, requireSelection, type Selector} from './index.js';
import {selectorFromJson, selectorToJson} from './selector.js';

beforeAll(() => tf.setBackend('cpu'));

const NAMES = ['dense_1/kernel', 'dense_1/bias', 'block/conv/kernel', 'block/conv/bias', 'gamma'];

function selected(selector: Selector, names: readonly string[] = NAMES): string[] {
  const scalar = tf.scalar(0);
  return [...compileSelector(selector)(Object.fromEntries(names.map((name) => [name, scalar])))];
}

describe('a glob', () => {
  test.each<[string, string[]]>([
    ['*/kernel', ['dense_1/kernel']],
    ['**/kernel', ['dense_1/kernel', 'block/conv/kernel']],
    ['*', ['gamma']],
    ['**', NAMES],
    ['dense_1/*', ['dense_1/kernel', 'dense_1/bias']],
    ['{dense_1,block/conv}/bias', ['dense_1/bias', 'block/conv/bias']],
    ['block/**', ['block/conv/kernel', 'block/conv/bias']],
    ['gamm?', ['gamma']],
    ['dense_[0-9]/bias', ['dense_1/bias']],
    ['!**/kernel', ['dense_1/bias', 'block/conv/bias', 'gamma']],
    ['**/!(kernel)', ['dense_1/bias', 'block/conv/bias', 'gamma']],
    ['kernel', []],
    ['Gamma', []],
  ])('%s selects %j', (glob, expected) => {
    expect(selected(glob)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['dense/kernel', ['dense/kernel_1', 'dense/kernel_12']],
    ['**/kernel', ['dense/kernel_1', 'dense/kernel_12']],
    ['dense/kernel_1', ['dense/kernel_1']],
    ['!**/kernel', ['dense/bias_1']],
    ['**/!(bias)', ['dense/kernel_1', 'dense/kernel_12']],
  ])('%s sees through the counter of tfjs: %j', (glob, expected) => {
    expect(selected(glob, ['dense/kernel_1', 'dense/kernel_12', 'dense/bias_1'])).toEqual(expected);
  });
});

describe('a glob over the kernels of recurrent layers', () => {
  const names = ['lstm/kernel', 'lstm/recurrent_kernel', 'lstm/recurrent_kernel_1', 'lstm/bias'];

  test('**/kernel leaves out the recurrent ones', () => {
    expect(selected('**/kernel', names)).toEqual(['lstm/kernel']);
  });

  test('**/*kernel has them all', () => {
    expect(selected('**/*kernel', names)).toEqual(names.slice(0, 3));
  });
});

describe('what is no selector', () => {
  test.each<[unknown, string]>([
    [undefined, 'undefined.'],
    [1, 'the number 1.'],
    ['', "the string ''."],
    [['a', 'b'], "a list of 2. For several, use a glob like '{a,b}/**'."],
    [{name: 'a'}, 'a plain object.'],
  ])('%o is refused', (selector, message) => {
    expect(() => compileSelector(selector as Selector)).toThrow(
      new TypeError(`compileSelector: selector must be a glob, a RegExp or a function, got ${message}`),
    );
  });
});

describe('a regular expression', () => {
  test.each<[RegExp, string[]]>([
    [/kernel/, ['dense_1/kernel', 'block/conv/kernel']],
    [/^block/, ['block/conv/kernel', 'block/conv/bias']],
    [/BIAS$/i, ['dense_1/bias', 'block/conv/bias']],
    [/a/g, ['dense_1/bias', 'block/conv/bias', 'gamma']],
    [/block/y, ['block/conv/kernel', 'block/conv/bias']],
  ])('%s selects %j', (expression, expected) => {
    expect(selected(expression)).toEqual(expected);
  });

  test('sees through the counter of tfjs', () => {
    expect(selected(/kernel$/, ['dense/kernel_1', 'dense/bias_1'])).toEqual(['dense/kernel_1']);
  });

  test.each([/a/g, /a/y, /a/])('%s keeps its lastIndex', (expression) => {
    expression.lastIndex = 3;
    selected(expression);
    expect(expression.lastIndex).toBe(3);
  });

  test('selects the same from every record', () => {
    const select = compileSelector(/kernel/g);
    const record = () => ({'a/kernel': tf.scalar(0), 'b/kernel': tf.scalar(0)});
    expect([...select(record())]).toEqual([...select(record())]);
  });
});

describe('a predicate', () => {
  test('selects by what it is told', () => {
    expect(selected(({role}) => role === 'bias')).toEqual(['dense_1/bias', 'block/conv/bias']);
  });

  test('is told what the parameter is', () => {
    const seen: ParamSpec[] = [];
    compileSelector((param) => (seen.push(param), true))({'conv/kernel_1': tf.zeros([3, 3, 8, 16])});
    expect(seen).toEqual([
      {name: 'conv/kernel_1', shape: [3, 3, 8, 16], role: 'kernel', fanIn: 72, fanOut: 144},
    ]);
  });

  test('is asked once for each record of parameters', () => {
    let asked = 0;
    const select = compileSelector(() => (asked++, true));
    const params = {a: tf.scalar(0)};
    select(params);
    select(params);
    expect(asked).toBe(1);
  });
});

describe('as JSON', () => {
  test.each<Selector>(['*/kernel', '', /a\/b_[A-Z]/giu, /^$/])('%s comes back', (selector) => {
    expect(selectorFromJson(JSON.parse(JSON.stringify(selectorToJson('masked', selector))))).toEqual(
      selector,
    );
  });

  test('a predicate is refused', () => {
    expect(() => selectorToJson('partition', () => true)).toThrow(
      new Error('partition: a selector that is a function cannot be saved; use a glob or a RegExp.'),
    );
  });
});

describe('a selection of nothing', () => {
  test('is told with the names that are spelt most like it', () => {
    expect(() => requireSelection('watch', 'parameter', 'gama', new Set(), NAMES)).toThrow(
      /^watch: the selector gama matches no parameter\. Nearest of 5: gamma, /,
    );
    expect(() => requireSelection('watch', 'layer', /flaten/, new Set(), ['dense', 'flatten'])).toThrow(
      new Error('watch: the selector /flaten/ matches no layer. Nearest of 2: flatten, dense.'),
    );
  });

  test('is told where there is nothing', () => {
    expect(() => requireSelection('watch', 'layer', '**', new Set(), [])).toThrow(
      new Error('watch: the selector ** matches no layer. There are no layers.'),
    );
  });

  test('among parameters without a name says how to name them', () => {
    expect(() => requireSelection('watch', 'parameter', 'w', new Set(), ['0', '1'])).toThrow(
      /Nearest of 2: 0, 1\. Name your variables: tf\.variable\(x, true, 'name'\)\.$/,
    );
  });

  test('of something is fine', () => {
    expect(() => requireSelection('watch', 'layer', '**', new Set(['a']), ['a'])).not.toThrow();
  });
});
