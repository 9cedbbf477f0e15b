import type {LayerSpec} from '@gradwire/core';
import type {Variable} from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

type Layer = tfl.layers.Layer;

/** A layer of a model and what is known of it. */
export interface ModelLayer {
  readonly spec: LayerSpec;
  readonly layer: Layer;
}

/** What this file uses of tfjs-layers beyond its public types. */
interface Internals {
  readonly activation?: {getClassName(): string};
  readonly cell?: Internals;
  readonly forwardLayer?: Internals;
  readonly layer?: Internals;
}
type Container = Pick<tfl.LayersModel, 'layers' | 'inputs' | 'outputs' | 'name'>;
interface Draft {
  readonly layer: Layer;
  readonly inputs: Set<string>;
}

const BY_KIND: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leakyRelu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholdedRelu',
  Softmax: 'softmax',
};

/**
 * The layers of a model as they follow from one another, from inputs to outputs. Nested models are opened; input layers, which
 * compute nothing, are left out.
 */
export function layersOf(model: tfl.LayersModel): ModelLayer[] {
  const drafts = new Map<string, Draft>();
  const outputs = new Set(producersOf(model, '', new Map(), drafts).flat());
  return [...drafts].map(([name, {layer, inputs}]) => {
    const activation = activationOf(layer);
    return {
      layer,
      spec: {
        name,
        kind: layer.getClassName(),
        ...(activation === undefined ? {} : {activation}),
        inputs: [...inputs],
        parameters: layer.trainableWeights.map((weight) => (weight.read() as Variable).name),
        isOutput: outputs.has(name),
      },
    };
  });
}

/** For each output of a model, the names of the layers that it comes from; `fed` has those of its inputs. */
function producersOf(
  {outputs}: Container,
  prefix: string,
  fed: ReadonlyMap<number, readonly string[]>,
  drafts: Map<string, Draft>,
): (readonly string[])[] {
  const known = new Map(fed);
  const visit = (tensor: tfl.SymbolicTensor): readonly string[] => {
    let names = known.get(tensor.id);
    if (names === undefined) {
      names = visitLayer(tensor);
      known.set(tensor.id, names);
    }
    return names;
  };
  const visitLayer = ({sourceLayer, inputs, outputTensorIndex}: tfl.SymbolicTensor): readonly string[] => {
    const layer = sourceLayer as Layer | Container;
    if (sourceLayer.getClassName() === 'InputLayer') return [];
    const feeding = inputs.map(visit);
    const name = `${prefix}${layer.name}`;
    if (isContainer(layer)) {
      const inner = new Map(layer.inputs.map(({id}, i) => [id, feeding[i] ?? []]));
      return producersOf(layer, `${name}/`, inner, drafts)[outputTensorIndex ?? 0]!;
    }
    const draft = drafts.get(name) ?? {layer, inputs: new Set()};
    for (const input of feeding.flat()) draft.inputs.add(input);
    // A layer that is called again comes after what it is called on.
    drafts.delete(name);
    drafts.set(name, draft);
    return [name];
  };
  return outputs.map(visit);
}

function isContainer(layer: Layer | Container): layer is Container {
  return 'layers' in layer && 'outputs' in layer;
}

function activationOf(layer: Layer): string | undefined {
  const {activation, cell, forwardLayer, layer: wrapped} = layer as Internals;
  const own = activation ?? cell?.activation ?? forwardLayer?.cell?.activation ?? wrapped?.activation;
  const name = own?.getClassName() ?? BY_KIND[layer.getClassName()];
  return name === 'linear' ? undefined : name;
}
