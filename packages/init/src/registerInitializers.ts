import {describeValue} from '@gradwire/core';
import {constant} from './constant.js';
import {deltaOrthogonal} from './deltaOrthogonal.js';
import {glorotNormal} from './glorotNormal.js';
import {glorotUniform} from './glorotUniform.js';
import {heNormal} from './heNormal.js';
import {heUniform} from './heUniform.js';
import {identity} from './identity.js';
import {type InitializerFactory, registerFactory} from './initializerRegistry.js';
import {leCunNormal} from './leCunNormal.js';
import {leCunUniform} from './leCunUniform.js';
import {orthogonal} from './orthogonal.js';
import {randomNormal} from './randomNormal.js';
import {randomUniform} from './randomUniform.js';
import {sparse} from './sparse.js';
import {truncatedNormal} from './truncatedNormal.js';
import {varianceScaling} from './varianceScaling.js';

const SHIPPED: Readonly<Record<string, InitializerFactory>> = {
  constant,
  deltaOrthogonal,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  leCunNormal,
  leCunUniform,
  orthogonal,
  randomNormal,
  randomUniform,
  sparse,
  truncatedNormal,
  varianceScaling,
};

/**
 * Makes initializers known to `tf.loadLayersModel`, as `tf.serialization.registerClass` does for layers.
 *
 * A saved model names the initializers of its layers. A factory that has been called is known already; a process that only loads calls
 * this first. The initializers of this package come along with any call.
 *
 * @param factories others by name, e.g. `{scaledIdentity}`; the key must be the `name` that they are defined with.
 * @throws TypeError if it is no record, or a factory is not a function.
 * @example
 * ```ts
 * import {registerInitializers} from '@gradwire/init';
 *
 * registerInitializers();
 * // const model = await tf.loadLayersModel(...);
 * ```
 */
export function registerInitializers(factories: Readonly<Record<string, InitializerFactory>> = {}): void {
  const hint = 'e.g. registerInitializers({heNormal})';
  if (typeof factories !== 'object' || factories === null || Array.isArray(factories)) {
    throw new TypeError(
      `registerInitializers: factories must be a record, ${hint}, got ${describeValue(factories)}.`,
    );
  }
  for (const [name, factory] of Object.entries(factories)) {
    if (typeof factory === 'function') continue;
    throw new TypeError(
      `registerInitializers: ${name} must be an initializer factory, ${hint}, got ${describeValue(factory)}.`,
    );
  }
  for (const [name, factory] of Object.entries({...factories, ...SHIPPED})) registerFactory(name, factory);
}
