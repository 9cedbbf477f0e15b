import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {type CallArguments, type LayerConfig, plainName} from './layerConfig.js';
import {projectionFor} from './projectionFor.js';
import {loadedLayer, savedLayer} from './savedLayer.js';

type Layer = tfl.layers.Layer;
type Config = tf.serialization.ConfigDict;

/** Layers that follow one another, or a model. */
export type Block = tfl.LayersModel | readonly Layer[];

/** What the class is made of. */
export interface ResidualConfig {
  readonly block: Block;
  readonly projection?: Layer;
}

/**
 * A model that is made when the shape of its input is known: once built, `layers`, `inputs` and `outputs` are those of a nested
 * model, and whoever opens nested models (the trainer, for captures) opens this.
 */
export class Residual extends tfl.layers.Layer {
  static className = 'gradwire>Residual';
  override supportsMasking = true;
  readonly block: Block;
  #model: tfl.LayersModel | undefined;
  #projection: Layer | undefined;
  /** One that was given is saved; one that was made for the shapes is made for them again. */
  readonly #given: Layer | undefined;

  constructor({block, projection, ...config}: LayerConfig & ResidualConfig) {
    super(config);
    this.name = plainName(this.name);
    this.block = block;
    this.#projection = projection;
    this.#given = projection;
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    Class: tf.serialization.SerializableConstructor<T>,
    {block, projection, customObjects, ...config}: Config,
  ): T {
    const custom = (customObjects ?? {}) as Readonly<Record<string, unknown>>;
    const loaded = Array.isArray(block)
      ? block.map((saved) => loadedLayer(saved as Config, custom))
      : loadedLayer<tfl.LayersModel>(block as Config, custom);
    const given = projection == null ? {} : {projection: loadedLayer(projection as Config, custom)};
    return new Class({...config, block: loaded, ...given});
  }

  get projection(): Layer | undefined {
    return this.#projection;
  }

  get layers(): Layer[] {
    return this.#built().layers;
  }

  get inputs(): tfl.SymbolicTensor[] {
    return this.#built().inputs;
  }

  get outputs(): tfl.SymbolicTensor[] {
    return this.#built().outputs;
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tfl.Shape;
    for (const layer of this.#parts()) {
      // Used elsewhere since it was given: its weights have names of that place, and would not be found when the model is loaded.
      if (layer instanceof tfl.LayersModel || !layer.built) continue;
      throw new Error(
        `${this.name}: '${layer.name}' of the block is in use elsewhere already; give a new layer.`,
      );
    }
    const x = tfl.input({batchShape: [...shape]});
    const y = this.#parts().reduce((tensor, part) => part.apply(tensor) as tfl.SymbolicTensor, x);
    this.#projection ??= projectionFor(this.name, x.shape, y.shape);
    const shortcut = (this.#projection?.apply(x) ?? x) as tfl.SymbolicTensor;
    if (shortcut.shape.join() !== y.shape.join()) {
      throw new Error(
        `${this.name}: the block ends with shape [${y.shape.slice(1)}], the projection with [${shortcut.shape.slice(1)}].`,
      );
    }
    const sum = tfl.layers.add({name: 'sum'}).apply([shortcut, y]) as tfl.SymbolicTensor;
    this.#model = tfl.model({inputs: x, outputs: sum, name: this.name});
    if (!this.trainable) this.#model.trainable = false;
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      // A copy: the inner model writes masks of its own into it.
      return [this.#built().call(inputs, {...kwargs})].flat()[0]!;
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape | tfl.Shape[] {
    return this.#parts().reduce((shape, part) => part.computeOutputShape(shape), inputShape);
  }

  /** The mask of the input is that of the output too where there are as many steps. */
  override computeMask(_inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [from, to] = [this.inputs[0]!.shape, this.outputs[0]!.shape];
    const isKept = to.length > 2 && from[1] === to[1];
    return (isKept ? ([mask].flat()[0] ?? null) : null) as tf.Tensor;
  }

  override get trainable(): boolean {
    return super.trainable;
  }

  override set trainable(trainable: boolean) {
    super.trainable = trainable;
    if (this.#model !== undefined) this.#model.trainable = trainable;
  }

  override get trainableWeights(): tfl.LayerVariable[] {
    return this.#model?.trainableWeights ?? [];
  }

  override get nonTrainableWeights(): tfl.LayerVariable[] {
    return this.#model?.nonTrainableWeights ?? [];
  }

  override calculateLosses(): tf.Scalar[] {
    return this.#model?.calculateLosses() ?? [];
  }

  override get stateful(): boolean {
    return this.#parts().some(({stateful}) => stateful);
  }

  override resetStates(): void {
    this.#built().resetStates();
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value);
    for (const part of this.#parts()) part.setFastWeightInitDuringBuild(value);
    this.#projection?.setFastWeightInitDuringBuild(value);
  }

  override getConfig(): Config {
    const {block} = this;
    return {
      ...super.getConfig(),
      block: block instanceof tfl.LayersModel ? savedLayer(block) : block.map(savedLayer),
      ...(this.#given === undefined ? {} : {projection: savedLayer(this.#given)}),
    };
  }

  protected override disposeWeights(): number {
    return this.#model?.dispose().numDisposedVariables ?? 0;
  }

  #parts(): readonly Layer[] {
    return this.block instanceof tfl.LayersModel ? [this.block] : this.block;
  }

  #built(): tfl.LayersModel {
    if (this.#model === undefined) throw new Error(`${this.name}: it has not been called yet.`);
    return this.#model;
  }
}
