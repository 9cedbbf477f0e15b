import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/**
 * Runs `run` so that it changes nothing: variables of all kinds (weights, moving averages) cannot be assigned, and
 * properties of the model's layers (states and dropout masks of recurrent ones) are put back. What it has made is freed.
 */
export function withoutChanges(model: LayersModel, run: () => void): void {
  const releaseVariables = holdVariables();
  const restoreProperties = rememberProperties([...partsOf(model)]);
  try {
    run();
  } finally {
    restoreProperties();
    releaseVariables();
  }
}

/** Holding them is safer than copies, which tfjs gets wrong of variables that lie on another backend. */
function holdVariables(): () => void {
  const variables = (): tf.Variable[] => Object.values(tf.engine().registeredVariables);
  const before = new Set(variables());
  const assign = Object.getOwnPropertyDescriptor(tf.Variable.prototype, 'assign')!;
  tf.Variable.prototype.assign = () => {};
  return () => {
    Object.defineProperty(tf.Variable.prototype, 'assign', assign);
    for (const variable of variables()) if (!before.has(variable)) variable.dispose();
  };
}

type Part = Record<string, unknown>;

/** The layers, and the layers and cells that they consist of. */
function partsOf(part: unknown, found = new Set<Part>()): Set<Part> {
  if (!isPart(part) || found.has(part)) return found;
  found.add(part);
  for (const child of Object.values(part).flat()) partsOf(child, found);
  return found;
}

/** The classes are those of a package that need not be there. */
function isPart(value: unknown): value is Part {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['call', 'build', 'getConfig'].every((method) => typeof (value as Part)[method] === 'function')
  );
}

function rememberProperties(parts: readonly Part[]): () => void {
  const before = parts.map(
    (part) => new Map(Object.entries(part).map(([name, value]) => [name, remembered(value)])),
  );
  const tensors = (): tf.Tensor[] => parts.flatMap((part) => tensorsIn(Object.values(part)));
  const old = new Set(tensors());
  return () => {
    tf.dispose(tensors().filter((tensor) => !old.has(tensor)));
    for (const [i, part] of parts.entries()) {
      for (const name of Object.keys(part)) if (!before[i]!.has(name)) Reflect.deleteProperty(part, name);
      for (const [name, restored] of before[i]!) {
        const value = restored();
        if (part[name] !== value) part[name] = value;
      }
    }
  };
}

/** The value as it is now, with what is in it now if it is an array. */
function remembered(value: unknown): () => unknown {
  if (!Array.isArray(value)) return () => value;
  const items: unknown[] = [...(value as unknown[])];
  return () => {
    value.splice(0, value.length, ...items);
    return value;
  };
}

function tensorsIn(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}
