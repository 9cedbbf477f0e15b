import * as tf from '@tensorflow/tfjs-core';
import {Gelu} from './gelu.js';
import {GradientNormalization} from './gradientNormalization.js';
import {HardSwish} from './hardSwish.js';
import {MaxNormRegularizer} from './maxNormRegularizer.js';
import {Mish} from './mish.js';
import {RandomContrast} from './randomContrast.js';
import {RandomFlip} from './randomFlip.js';
import {RandomizedLeakyReLU} from './randomizedLeakyReLU.js';
import {RandomRotation} from './randomRotation.js';
import {RandomTranslation} from './randomTranslation.js';
import {RandomZoom} from './randomZoom.js';
import {Residual} from './residualLayer.js';
import {Softplus} from './softplus.js';
import {Squareplus} from './squareplus.js';
import {Standardize} from './standardize.js';
import {Swish} from './swish.js';
import {UnitDropout} from './unitDropout.js';

/**
 * Makes all layers of this package, and its regularizer, known to `tf.loadLayersModel`.
 *
 * Needed where a model is loaded that was made elsewhere. A function of this package makes its own class known when it is
 * called; nothing happens on import.
 *
 * @example
 * ```ts
 * import {registerLayers} from '@gradwire/layers';
 *
 * registerLayers();
 * // const model = await tf.loadLayersModel('model.json');
 * ```
 */
export function registerLayers(): void {
  const classes = [
    Gelu,
    GradientNormalization,
    HardSwish,
    MaxNormRegularizer,
    Mish,
    RandomContrast,
    RandomFlip,
    RandomizedLeakyReLU,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    Residual,
    Softplus,
    Squareplus,
    Standardize,
    Swish,
    UnitDropout,
  ];
  for (const Class of classes) {
    tf.serialization.registerClass(
      Class as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
    );
  }
}
