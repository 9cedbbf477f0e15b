import type {GradientTransform} from '@gradwire/core';

/** The transforms in the order of an explicit list of their names. */
export function orderTransforms(
  transforms: readonly GradientTransform[],
  order: readonly string[] | undefined,
): readonly GradientTransform[] {
  if (order === undefined) return transforms;
  const byName = new Map<string, GradientTransform>();
  for (const transform of transforms) {
    if (byName.has(transform.name)) {
      throw new Error(
        `createTrainer: transformOrder needs unique names, but two transforms are named '${transform.name}'.`,
      );
    }
    byName.set(transform.name, transform);
  }
  const known = [...byName.keys()].join(', ');
  const ordered = order.map((name, i) => {
    if (order.indexOf(name) !== i) throw new Error(`createTrainer: transformOrder names '${name}' twice.`);
    const transform = byName.get(name);
    if (transform === undefined) {
      throw new Error(`createTrainer: transformOrder names '${name}', which is unknown. Known: ${known}.`);
    }
    byName.delete(name);
    return transform;
  });
  if (byName.size > 0) {
    throw new Error(
      `createTrainer: transformOrder must name every transform once; missing: ${[...byName.keys()].join(', ')}.`,
    );
  }
  return ordered;
}
