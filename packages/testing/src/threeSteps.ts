import type {GradientTransform, NamedTensors, StateTree} from '@gradwire/core';
import type {Bench} from './bench.js';
import {type Snapshot, snapshot} from './snapshot.js';

/** What a transform makes of the gradients of steps 0, 1 and 2, its state handed on from each to the next. */
export async function threeSteps(
  transform: GradientTransform,
  bench: Bench,
  gradients: (step: number) => NamedTensors = (step) => bench.gradients(step),
  params: NamedTensors = bench.params,
): Promise<Record<string, Snapshot>[]> {
  const outputs: Record<string, Snapshot>[] = [];
  let state: StateTree = transform.init(params);
  for (let step = 0; step < 3; step++) {
    const [grads, next] = transform.update(gradients(step), state, bench.context(step));
    outputs.push(await snapshot(grads));
    state = next;
  }
  return outputs;
}
