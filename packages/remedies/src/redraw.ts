import {type LayerSpec, paramSpec} from '@gradwire/core';
import type {LiveTraining} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import {freshValue} from './freshValue.js';
import {suitedInitializer} from './suitedInitializer.js';

/** Gives parameters of some layers new values, by their layers' activations; returns the names of those that got some. */
export function redraw(
  training: LiveTraining,
  chosen: readonly LayerSpec[],
  isMeant: (variable: tf.Variable) => boolean = () => true,
): string[] {
  const {layers} = training;
  const variables = new Map(training.variables.map((variable) => [variable.name, variable]));
  const redrawn = chosen.flatMap((layer) => {
    const own = layer.parameters.flatMap((name) => variables.get(name) ?? []).filter(isMeant);
    const drawn = own.filter((variable) => {
      const initializer = suitedInitializer(layer, paramSpec(variable.name, variable.shape), layers);
      if (initializer !== undefined) {
        tf.tidy(() => void variable.assign(freshValue(training, variable, initializer)));
      }
      return initializer !== undefined;
    });
    if (drawn.length > 0) center(training, layer, own);
    return drawn;
  });
  return redrawn.map(({name}) => name);
}

/** Outputs of sigmoids lie around 1/2: a bias takes that off the sums that a layer behind them makes. */
function center({layers}: LiveTraining, layer: LayerSpec, own: readonly tf.Variable[]): void {
  const sources = layers.filter(({name}) => layer.inputs.includes(name));
  const isBehindSigmoids = sources.length > 0 && sources.every(({activation}) => activation === 'sigmoid');
  const [kernel, bias] = ['kernel', 'bias'].map((role) =>
    own.find(({name, shape}) => paramSpec(name, shape).role === role),
  );
  if (!isBehindSigmoids || layer.kind !== 'Dense' || kernel === undefined || bias === undefined) return;
  tf.tidy(() => bias.assign(tf.mul(-0.5, tf.sum(kernel, 0))));
}
