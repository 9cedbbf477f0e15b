import {
  compileSelector,
  describeValue,
  requireOptions,
  requireSelection,
  requireSelector,
  type Selector,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {pairNames} from './pairNames.js';
import {type PlainArrays, sizeOf} from './plainArrays.js';
import {requireModel} from './requireModel.js';

/** Where a weight comes from, and the order of its axes there. */
export interface WeightSource {
  /** Its name in the source. */
  readonly from: string;
  /** Axis i of the target is axis `transpose[i]` of the source; default: the axes are the same. */
  readonly transpose?: readonly number[];
}

/** The options of {@link reuseLayers}. */
export interface ReuseOptions {
  /** Which weights of the target may be overwritten; default all. */
  readonly select?: Selector;
  /** Which weight of the source goes where, by name of the target's weight; these only. Default: by equal names. */
  readonly map?: Readonly<Record<string, string | WeightSource>>;
}

/** What {@link reuseLayers} has done, in names of weights. */
export interface Reused {
  /** From the target's name to the source's. */
  readonly copied: Readonly<Record<string, string>>;
  /** Weights of the target that are as they were. */
  readonly left: readonly string[];
  /** Weights of the source that were not used. */
  readonly unused: readonly string[];
}

type Weight = LayersModel['weights'][number];

/**
 * Copies weights into a model: from another model, or from plain arrays, as those of another framework.
 *
 * By name: layers that you have named are found by their names; layers that tfjs has named (`dense_Dense3`) by their order, if both
 * sides have equally many of a kind. By `map`: whatever is where. The lower layers of a network keep
 * what they have learned that way, while new ones above begin anew. Moving averages are weights, too. All or nothing: when one does not
 * fit, no weight has changed. Values are copied; both sides stay yours.
 *
 * PyTorch's axes: `Linear.weight` is (out, in), so `transpose: [1, 0]`; `Conv2d.weight` is (out, in, h, w), so `transpose: [2, 3, 1, 0]`.
 *
 * @param target the model whose weights are overwritten.
 * @param source a model, or arrays by name, as `readNpz` and `readSafetensors` return them.
 * @param options which, and where to.
 * @throws TypeError if an argument is of the wrong kind, or `options` has an unknown key.
 * @throws Error that names what is not there, or both weights where shapes differ.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {reuseLayers} from '@gradwire/procedures';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], name: 'score'})]});
 * const stateDict = {
 *   'fc.weight': {shape: [1, 2], data: Float32Array.of(3, 4)}, // (out, in)
 *   'fc.bias': {shape: [1], data: Float32Array.of(0.5)},
 * };
 * reuseLayers(model, stateDict, {
 *   map: {'score/kernel': {from: 'fc.weight', transpose: [1, 0]}, 'score/bias': 'fc.bias'},
 * });
 * console.log((model.predict(tf.ones([1, 2])) as tf.Tensor).dataSync()[0]); // 7.5
 * ```
 */
export function reuseLayers(
  target: LayersModel,
  source: LayersModel | PlainArrays,
  options: ReuseOptions = {},
): Reused {
  const known = {select: "'hidden*/**'", map: "{'score/kernel': 'fc.weight'}"};
  const {select, map} = requireOptions('reuseLayers', options, known, 'target, source, ');
  requireModel('reuseLayers', 'target', target);
  const weights = namedWeights(target);
  const arrays = arraysOf(source);
  const free = select === undefined ? [...weights.keys()] : selected(select, weights);
  const plan = map === undefined ? byName(free, [...arrays.keys()]) : byMap(map, weights, arrays, free);
  for (const [name, from] of plan)
    requireFit(name, weights.get(name)!.shape as number[], from, arrays.get(from.from)!.shape);
  tf.tidy(() => {
    const values = [...plan].map(([name, {from, transpose}]) => {
      const value = arrays.get(from)!.tensor();
      return [
        weights.get(name)!,
        transpose === undefined ? value : tf.transpose(value, [...transpose]),
      ] as const;
    });
    for (const [weight, value] of values) weight.write(value);
  });
  const used = new Set([...plan.values()].map(({from}) => from));
  return {
    copied: Object.fromEntries([...plan].map(([name, {from}]) => [name, from])),
    left: [...weights.keys()].filter((name) => !plan.has(name)),
    unused: [...arrays.keys()].filter((name) => !used.has(name)),
  };
}

/** The weights of a model by the name that they were given; tfjs' counter is there only where two have the same. */
function namedWeights({weights}: LayersModel): Map<string, Weight> {
  const given = weights.map(({originalName}) => originalName);
  return new Map(
    weights.map((weight, i) => [
      given.indexOf(given[i]!) === given.lastIndexOf(given[i]!) ? given[i]! : weight.name,
      weight,
    ]),
  );
}

interface Source {
  readonly shape: readonly number[];
  tensor(): tf.Tensor;
}

function arraysOf(source: LayersModel | PlainArrays): Map<string, Source> {
  if (typeof source !== 'object' || source === null) {
    throw new TypeError(
      `reuseLayers: source must be a tf.LayersModel or arrays by name, got ${describeValue(source)}.`,
    );
  }
  if (isModel(source)) {
    requireModel('reuseLayers', 'source', source);
    return new Map(
      [...namedWeights(source)].map(([name, weight]) => [
        name,
        {shape: weight.shape as number[], tensor: () => tf.clone(weight.read())},
      ]),
    );
  }
  return new Map(Object.entries(source).map(([name, array]) => [name, plainSource(name, array)]));
}

function isModel(source: LayersModel | PlainArrays): source is LayersModel {
  return typeof source['getWeights'] === 'function';
}

function plainSource(name: string, array: PlainArrays[string]): Source {
  const {shape, data} = array ?? {};
  if (!Array.isArray(shape) || typeof data?.length !== 'number') {
    throw new TypeError(
      `reuseLayers: source '${name}' must be an array {shape, data}, got ${describeValue(array)}.`,
    );
  }
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `reuseLayers: source '${name}' of shape [${shape.join(', ')}] must have ${sizeOf(shape)} values, it has ${data.length}.`,
    );
  }
  return {shape, tensor: () => tf.tensor(Float32Array.from(data), [...shape])};
}

function selected(select: Selector, weights: ReadonlyMap<string, Weight>): string[] {
  requireSelector('reuseLayers', 'select', select);
  const names = compileSelector(select)(
    Object.fromEntries([...weights].map(([name, weight]) => [name, weight.read()])),
  );
  requireSelection('reuseLayers', 'parameter', select, names, [...weights.keys()]);
  return [...names];
}

function byName(targets: readonly string[], sources: readonly string[]): Map<string, WeightSource> {
  const pairs = pairNames(targets, sources);
  if (pairs.size > 0) return new Map([...pairs].map(([name, from]) => [name, {from}]));
  throw new Error(
    `reuseLayers: no weight of the target (${some(targets)}) has the name of one of the source (${some(sources)}); say with map which goes where.`,
  );
}

function byMap(
  map: Readonly<Record<string, string | WeightSource>>,
  weights: ReadonlyMap<string, Weight>,
  arrays: ReadonlyMap<string, Source>,
  free: readonly string[],
): Map<string, WeightSource> {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw new TypeError(
      `reuseLayers: map must be an object, e.g. {'score/kernel': 'fc.weight'}, got ${describeValue(map)}.`,
    );
  }
  const has = (names: ReadonlyMap<string, unknown>, name: string): ReadonlySet<string> =>
    new Set(names.has(name) ? [name] : []);
  return new Map(
    Object.entries(map).map(([name, given]) => {
      const source = typeof given === 'string' ? {from: given} : given;
      requireOptions('reuseLayers: map', source, {from: "'fc.weight'", transpose: '[1, 0]'});
      requireSelection('reuseLayers: map', 'parameter', name, has(weights, name), [...weights.keys()]);
      requireSelection('reuseLayers: map', 'parameter', source.from, has(arrays, source.from), [
        ...arrays.keys(),
      ]);
      if (free.includes(name)) return [name, source];
      throw new Error(`reuseLayers: map names '${name}', which select leaves out.`);
    }),
  );
}

function requireFit(
  name: string,
  shape: readonly number[],
  {from, transpose}: WeightSource,
  given: readonly number[],
): void {
  const axes = given.map((_, axis) => axis);
  const order = transpose ?? axes;
  const isOrder = Array.isArray(order) && [...order].sort((a, b) => a - b).join() === axes.join();
  if (!isOrder) {
    throw new RangeError(
      `reuseLayers: transpose of '${name}' must be an order of the ${given.length} axes of '${from}', got [${String(transpose)}].`,
    );
  }
  const turned = order.map((axis) => given[axis]);
  if (turned.join() === shape.join()) return;
  const as = transpose === undefined ? '' : `, transposed [${turned.join(', ')}]`;
  throw new Error(
    `reuseLayers: '${name}' has shape [${shape.join(', ')}], '${from}' has [${given.join(', ')}]${as}. Nothing was copied.`,
  );
}

function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ') || 'none';
}
