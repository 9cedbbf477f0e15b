import {applyTransform} from './applyTransform.js';
import {describeValue} from './describeValue.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {partsWorkOn} from './partsWorkOn.js';
import {pickTensors} from './pickTensors.js';
import {replaceTensors} from './replaceTensors.js';
import {requireTransform} from './requireTransform.js';
import {
  compileSelector,
  requireSelection,
  requireSelector,
  type Selector,
  selectorToJson,
} from './selector.js';
import type {StateTree} from './stateTree.js';
import {serializeTransform} from './transformRegistry.js';

/**
 * Different transforms for different parameters. The first rule that matches a parameter has it; parameters that
 * no rule matches pass unchanged.
 *
 * @param rules pairs of selector and transform.
 * @throws TypeError if `rules` is no list of pairs of a selector and a transform.
 * @throws Error at the first step, before any update, if a rule is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {partition, transformGradients} from '@gradwire/core';
 * import {clipByNorm, clipByValue} from '@gradwire/clipping';
 *
 * const optimizer = transformGradients(
 *   tf.train.sgd(0.1),
 *   partition([
 *     ['**\/kernel', clipByNorm({maxNorm: 1})],
 *     ['**\/bias', clipByValue({value: 0.1})],
 *   ]),
 * );
 * ```
 */
export function partition(
  rules: readonly (readonly [Selector, GradientTransform])[],
): GradientTransform<readonly StateTree[]> {
  requireRules(rules);
  const compiled = rules.map(([select]) => compileSelector(select));
  const split = (params: NamedTensors): Set<string>[] => {
    const taken = new Set<string>();
    return compiled.map((selected) => {
      const names = new Set([...selected(params)].filter((name) => !taken.has(name)));
      for (const name of names) taken.add(name);
      return names;
    });
  };
  return Object.freeze({
    name: 'partition',
    on: partsWorkOn(
      'partition',
      rules.map(([, transform]) => transform),
    ),
    parts: rules.map(([, transform]) => transform),
    get config() {
      return {
        rules: rules.map(([select, transform]) => [
          selectorToJson('partition', select),
          serializeTransform(transform),
        ]),
      };
    },
    init(params: NamedTensors) {
      return split(params).map((names, i) => {
        const [select, transform] = rules[i]!;
        requireSelection('partition', 'parameter', select, names, Object.keys(params));
        return transform.init(pickTensors(params, names));
      });
    },
    update(grads: NamedTensors, states: readonly StateTree[], ctx: StepContext) {
      let changed = grads;
      const next = split(ctx.params).map((names, i) => {
        const [part, state] = applyTransform(rules[i]![1], pickTensors(grads, names), states[i], ctx);
        changed = replaceTensors(changed, names, part);
        return state;
      });
      return [changed, next] as const;
    },
  });
}

function requireRules(rules: unknown): void {
  const hint = 'Call partition([[select, transform], …]).';
  if (!Array.isArray(rules)) {
    throw new TypeError(`partition: rules must be a list of pairs, got ${describeValue(rules)}. ${hint}`);
  }
  rules.forEach((rule: unknown, i) => {
    if (!Array.isArray(rule) || rule.length !== 2) {
      throw new TypeError(
        `partition: rule ${i} must be a pair [select, transform], got ${describeValue(rule)}. ${hint}`,
      );
    }
    requireTransform('partition', `the transform of rule ${i}`, rule[1], hint);
    requireSelector('partition', `the selector of rule ${i}`, rule[0]);
  });
}
