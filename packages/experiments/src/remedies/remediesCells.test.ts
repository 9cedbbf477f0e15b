import {describe, expect, it} from 'vitest';
import torch from '../../fixtures/remedies.json' with {type: 'json'};
import {withDefaults} from '../../fixtures/compose.js';
import {remedies} from './remedies.js';
import {remediesCells} from './remediesCells.js';

describe('remediesCells', () => {
  it('has every row of the table, each under a name of its own', () => {
    expect(new Set(remediesCells.map(({name}) => name)).size).toBe(14);
  });

  it('has short forms for what PyTorch has trained, and its range', () => {
    const quick = Object.fromEntries(
      remediesCells.flatMap(({name, quick: form}) =>
        form === undefined ? [] : [[name, [form.rerun?.low, form.rerun?.high]]],
      ),
    );
    expect(quick).toEqual(
      Object.fromEntries(Object.entries(torch.cells).map(([name, {range}]) => [name, range])),
    );
  });

  it.each(Object.entries(torch.cells))('has trained %s by the same options', (name, {options}) => {
    const {options: whole, quick} = remediesCells.find((cell) => cell.name === name)!;
    expect(withDefaults(remedies, {...whole, ...quick!.options})).toEqual(
      withDefaults(remedies, options as object),
    );
  });

  it('has whole forms at the epochs of the published ones', () => {
    for (const {options} of remediesCells) expect(withDefaults(remedies, options).epochs).toBe(100);
  });
});
