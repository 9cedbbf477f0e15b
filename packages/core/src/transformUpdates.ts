import * as tf from '@tensorflow/tfjs-core';
import {isEmpty} from './chain.js';
import {gradientList} from './fusedUpdate.js';
import {mapTensors} from './mapTensors.js';
import type {NamedTensors} from './namedTensors.js';
import {snapshotOptimizer} from './optimizerState.js';

/**
 * Lets an optimizer update its weights, and gives them what `transform` makes of their change. If it throws, or leaves no
 * update at all, weights and optimizer are as before. Runs inside `tf.tidy`.
 *
 * @param slots names of all parameters in the order of the optimizer's slots.
 * @param transform gets new weight − old weight, while the weights are the old ones.
 */
export function transformUpdates<T extends {readonly grads: NamedTensors}>(
  optimizer: tf.Optimizer,
  slots: readonly string[],
  grads: NamedTensors,
  params: Readonly<Record<string, tf.Variable>>,
  transform: (updates: NamedTensors) => T,
): T {
  const weights = (): NamedTensors => mapTensors(grads, (_, name) => tf.clone(params[name]!));
  const assign = (values: NamedTensors): void => {
    for (const [name, value] of Object.entries(values)) params[name]!.assign(value);
  };
  const before = weights();
  const {iterations} = optimizer;
  const snapshot = snapshotOptimizer(optimizer);
  const restoreOptimizer = (): void => {
    snapshot.restore();
    (optimizer as unknown as {iterations_: number}).iterations_ = iterations;
  };
  try {
    optimizer.applyGradients(gradientList(slots, grads));
    const after = weights();
    assign(before);
    const updates = mapTensors(before, (old, name) => tf.sub(after[name]!, old));
    const changed = transform(updates);
    if (isEmpty(changed.grads) && !isEmpty(updates)) restoreOptimizer();
    // Rounding would change the weights in the last bit even where no transform did.
    const result = mapTensors(changed.grads, (update, name) =>
      update === updates[name] ? after[name]! : tf.add(before[name]!, update),
    );
    assign(result);
    return changed;
  } catch (error) {
    assign(before);
    restoreOptimizer();
    throw error;
  } finally {
    snapshot.dispose();
  }
}
