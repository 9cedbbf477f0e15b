import type {ParamSpec} from '@gradwire/core';

/** A parameter's shape in the words of an error; inside of tfjs's layers, names are not known. */
export function shapeOf({name, shape}: ParamSpec): string {
  return `shape [${shape.join(', ')}]${name === '' ? '' : ` of '${name}'`}`;
}
