import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {layersOf, type ModelLayer} from './layersOf.js';
import type {Batch, Evaluation, Learner, TensorFunction, TensorInput} from './learner.js';
import type {LossSpec, MetricsSpec} from './objective.js';
import {variableGrads} from './variableGrads.js';

type Weighted = Pick<tfl.LayersModel, 'trainableWeights' | 'weights'>;
type LayerWeight = Weighted['weights'][number];

/** What this file uses of tfjs-layers beyond its public types. */
interface CompiledModel {
  lossFunctions: TensorFunction[];
  metricsTensors: [TensorFunction, number][];
  standardizeUserDataXY(x: TensorInput, y: TensorInput, checkBatchAxis: boolean): [tf.Tensor[], tf.Tensor[]];
  getDedupedMetricsNames(): string[];
}

/** A `tf.LayersModel`, with losses, metrics and their names as tfjs-layers has them. */
export class LayersLearner implements Learner {
  readonly variables: tf.Variable[];
  readonly weights: tf.Variable[];
  readonly metricNames: readonly string[];
  readonly layers: readonly ModelLayer[];
  readonly outputNames: readonly string[];
  readonly #model: tfl.LayersModel;
  readonly #compiled: CompiledModel;
  readonly #constrained: LayerWeight[];

  constructor(
    model: tfl.LayersModel,
    loss: LossSpec,
    metrics: MetricsSpec,
    optimizer: tf.Optimizer,
    private readonly training: boolean,
  ) {
    // A second model over the same layers resolves losses and metrics; the user's stays as it was compiled.
    this.#model = tfl.model({inputs: model.inputs, outputs: model.outputs});
    try {
      this.#model.compile({loss: loss as string, metrics: metrics as string[], optimizer});
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TypeError(`createTrainer: loss or metrics do not fit the model: ${reason}`, {cause: error});
    }
    this.#compiled = this.#model as unknown as CompiledModel;
    this.metricNames = this.#compiled.getDedupedMetricsNames();
    this.layers = layersOf(model);
    this.outputNames = model.outputNames;
    this.variables = model.trainableWeights.map(variableOf);
    this.weights = model.weights.map(variableOf);
    this.#constrained = model.trainableWeights.filter((weight) => constraintOf(weight) != null);
  }

  standardize(x: TensorInput, y: TensorInput): Omit<Batch, 'weights'> {
    const [inputs, targets] = this.#compiled.standardizeUserDataXY(x, y, false);
    return {inputs, targets};
  }

  gradients(batch: Batch): Evaluation & {grads: tf.NamedTensorMap} {
    let outputs: tf.Tensor[] = [];
    let outputLosses: tf.Scalar[] = [];
    const forward = (): tf.Scalar => {
      const predicted = this.#predict(batch.inputs, this.training);
      // Kept for the metrics, off the tape; clones, since an output may be an input.
      if (this.#compiled.metricsTensors.length > 0)
        outputs = predicted.map((output) => tf.keep(tf.clone(output)));
      const losses = this.#losses(batch, predicted);
      if (losses.length > 1) outputLosses = losses.map((loss) => tf.keep(tf.mean(loss)));
      const total = tf.mean(losses.reduce((sum, loss) => tf.add(sum, loss)));
      return this.#model.calculateLosses().reduce((sum, penalty) => tf.add(sum, penalty), total) as tf.Scalar;
    };
    try {
      return tf.tidy(() => {
        const {value, grads} = variableGrads(forward, this.variables);
        return {loss: value, grads, metrics: this.#metrics(batch, outputs, outputLosses)};
      });
    } finally {
      tf.dispose([outputs, outputLosses]);
    }
  }

  evaluate(batch: Batch): Evaluation {
    return tf.tidy(() => {
      const outputs = this.#predict(batch.inputs, false);
      const losses = this.#losses(batch, outputs).map((loss) => tf.mean(loss) as tf.Scalar);
      const total = losses.reduce((sum, loss) => tf.add(sum, loss));
      return {loss: total, metrics: this.#metrics(batch, outputs, losses)};
    });
  }

  applyConstraints(): void {
    for (const weight of this.#constrained) {
      tf.tidy(() => variableOf(weight).assign(constraintOf(weight)!.apply(variableOf(weight))));
    }
  }

  #predict(inputs: tf.Tensor[], training: boolean): tf.Tensor[] {
    const outputs = this.#model.call(inputs, {training});
    return Array.isArray(outputs) ? outputs : [outputs];
  }

  #losses({targets, weights}: Batch, outputs: tf.Tensor[]): tf.Tensor[] {
    return this.#compiled.lossFunctions.map((lossFunction, i) => {
      const loss = lossFunction(targets[i]!, outputs[i]!);
      const sampleWeights = weights[i];
      return sampleWeights === undefined ? loss : tf.mul(loss, sampleWeights);
    });
  }

  /** Off the tape. With several outputs tfjs lists the loss of each output first; those are known already. */
  #metrics({targets}: Batch, outputs: tf.Tensor[], outputLosses: tf.Scalar[]): tf.Scalar[] {
    return this.#compiled.metricsTensors.map(([metric, output], i) =>
      outputs.length > 1 && i < outputs.length
        ? tf.clone(outputLosses[i]!)
        : tf.tidy(() => tf.mean(metric(targets[output]!, outputs[output]!)) as tf.Scalar),
    );
  }
}

function variableOf(weight: LayerWeight): tf.Variable {
  return weight.read() as tf.Variable;
}

function constraintOf(weight: LayerWeight): {apply(w: tf.Tensor): tf.Tensor} | null {
  return (weight as unknown as {constraint: {apply(w: tf.Tensor): tf.Tensor} | null}).constraint;
}
