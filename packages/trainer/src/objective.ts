import type {TensorFunction} from './learner.js';

/** A loss as tfjs-layers knows it: a name, a function, or one per output. */
export type LossSpec =
  | string
  | TensorFunction
  | readonly (string | TensorFunction)[]
  | Readonly<Record<string, string | TensorFunction>>;

/** A metric as tfjs-layers knows it: a name or a function. */
export type MetricSpec = string | TensorFunction;

/** Metrics for all outputs, or by the name of the output. */
export type MetricsSpec =
  readonly MetricSpec[] | Readonly<Record<string, MetricSpec | readonly MetricSpec[]>>;
