import * as tf from '@tensorflow/tfjs-core';
import type {Batch, Evaluation, Learner, ModelFunction, TensorFunction, TensorInput} from './learner.js';
import type {LossSpec, MetricSpec, MetricsSpec} from './objective.js';
import {describeData} from './standardBatch.js';
import {variableGrads} from './variableGrads.js';

/** A model that is a plain function over variables: one tensor in, one tensor out. */
export class FunctionLearner implements Learner {
  readonly variables: tf.Variable[];
  readonly weights: tf.Variable[];
  readonly metricNames: readonly string[];
  readonly layers = [];
  readonly outputNames = [];
  readonly #loss: TensorFunction;
  readonly #metrics: readonly TensorFunction[];

  constructor(
    private readonly model: ModelFunction,
    loss: LossSpec,
    metrics: MetricsSpec,
    variables: readonly tf.Variable[],
    private readonly training: boolean,
  ) {
    this.#loss = requireFunction('loss', loss);
    this.#metrics = requireList(metrics).map((metric) => requireFunction('metrics', metric));
    this.weights = [...new Set(variables)];
    this.variables = this.weights.filter(({trainable}) => trainable);
    this.metricNames = ['loss', ...this.#metrics.map(({name}) => name)];
  }

  standardize(x: TensorInput, y: TensorInput): Omit<Batch, 'weights'> {
    return {inputs: [requireTensor('x', x)], targets: [requireTensor('y', y)]};
  }

  gradients(batch: Batch): Evaluation & {grads: tf.NamedTensorMap} {
    let output: tf.Tensor | undefined;
    const forward = (): tf.Scalar => {
      const predicted = this.#predict(batch, this.training);
      output = tf.keep(tf.clone(predicted)); // The model may return its input, or a variable.
      return this.#lossOf(batch, predicted);
    };
    try {
      return tf.tidy(() => {
        const {value, grads} = variableGrads(forward, this.variables);
        return {loss: value, grads, metrics: this.#metricsOf(batch, output!)};
      });
    } finally {
      output?.dispose();
    }
  }

  evaluate(batch: Batch): Evaluation {
    return tf.tidy(() => {
      const output = this.#predict(batch, false);
      return {loss: this.#lossOf(batch, output), metrics: this.#metricsOf(batch, output)};
    });
  }

  applyConstraints(): void {}

  #predict({inputs}: Batch, training: boolean): tf.Tensor {
    const output = this.model(inputs[0]!, {training});
    if (output instanceof tf.Tensor) return output;
    throw new TypeError(`createTrainer: model must return a tensor, got ${describeData(output)}.`);
  }

  #lossOf({targets}: Batch, output: tf.Tensor): tf.Scalar {
    const loss = this.#loss(targets[0]!, output);
    if (loss.rank === 0) return loss as tf.Scalar;
    throw new TypeError(
      `createTrainer: loss must return a scalar, got shape [${loss.shape}]. Average over the batch, e.g. with tf.mean.`,
    );
  }

  #metricsOf({targets}: Batch, output: tf.Tensor): tf.Scalar[] {
    return this.#metrics.map((metric) => tf.tidy(() => tf.mean(metric(targets[0]!, output)) as tf.Scalar));
  }
}

function requireFunction(option: string, spec: LossSpec | MetricSpec): TensorFunction {
  if (typeof spec === 'function') return spec;
  throw new TypeError(
    `createTrainer: ${option} must be a function (yTrue, yPred) => tensor for a model that is a function, got ${JSON.stringify(spec)}.`,
  );
}

function requireList(metrics: MetricsSpec): readonly MetricSpec[] {
  if (Array.isArray(metrics)) return metrics as readonly MetricSpec[];
  throw new TypeError('createTrainer: metrics must be a list of functions for a model that is a function.');
}

function requireTensor(option: string, value: TensorInput): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  throw new TypeError(`Trainer.fit: ${option} must be one tensor for a model that is a function.`);
}
