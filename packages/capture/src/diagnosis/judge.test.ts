import {describe, expect, it} from 'vitest';
import type {AlertEvent, TrainingEvent} from '@gradwire/core';
import {EventScript, layer, norms, runOf} from '../../fixtures/eventScript.js';
import {builtInRules} from './builtInRules.js';
import {diagnose} from './diagnose.js';
import type {DiagnosisRule, Finding} from './diagnosisRule.js';
import {judgeOf} from './judge.js';

/** A rule that finds, at every event, what `find` returns. */
function ruleOf(id: string, find: (event: TrainingEvent) => readonly Finding[]): DiagnosisRule {
  return {id, begin: () => find};
}

const info = (message: string): Finding[] => [{severity: 'info', message}];
const atSteps = ruleOf('atSteps', ({type, step}) => (type === 'step' ? info(`${step}`) : []));

/** All alerts, as rules and messages. */
function said(rules: readonly DiagnosisRule[], events: readonly TrainingEvent[]): string[] {
  const judge = judgeOf('diagnose', {rules});
  return events.flatMap(judge).map(({rule, message}) => `${rule}: ${message}`);
}

describe('a rule and alerts', () => {
  it('does not see those of its own list, live or recorded', async () => {
    const echo = ruleOf('echo', ({type}) => info(type));
    const {events} = new EventScript().alert('echo').alert('atSteps').alert('ruleFailed').step();
    expect(said([echo, atSteps], events)).toEqual(['echo: step', 'atSteps: 0']);
    const alerts: AlertEvent[] = [];
    for await (const alert of diagnose(events, {rules: [echo, atSteps]})) alerts.push(alert);
    expect(alerts).toHaveLength(2);
  });

  it('sees those of the trainer', () => {
    const echo = ruleOf('echo', (event) => (event.type === 'alert' ? info(event.rule) : []));
    expect(said([echo], new EventScript().alert('nonFiniteLoss').events)).toEqual(['echo: nonFiniteLoss']);
  });

  it('cannot say where an alert is, or whose', () => {
    const liar = {type: 'step', run: 'x', step: 99, epoch: 9, time: 9, rule: 'other', ...info('true')[0]!};
    const judge = judgeOf('diagnose', {rules: [ruleOf('liar', () => [liar as Finding])]});
    const alerts = new EventScript().step().step().events.flatMap(judge);
    expect(alerts[1]).toEqual({
      type: 'alert',
      run: 'r',
      step: 1,
      epoch: 0,
      time: 2,
      rule: 'liar',
      severity: 'info',
      message: 'true',
    });
  });
});

describe('a rule that fails', () => {
  const failing = (find: () => unknown, id = 'bad') => ruleOf(id, find as () => Finding[]);
  const {events} = new EventScript().step().step();

  it.each<[string, DiagnosisRule, string]>([
    [
      'throws',
      failing(() => {
        throw new Error('No such thing.');
      }),
      "The rule 'bad' threw: No such thing; it is left out for the rest of the run.",
    ],
    [
      'throws when it begins',
      {
        id: 'bad',
        begin: () => {
          throw new TypeError('x is undefined');
        },
      },
      "The rule 'bad' threw: x is undefined; it is left out for the rest of the run.",
    ],
    [
      'begins with no function',
      {id: 'bad', begin: () => undefined as never},
      "The rule 'bad' began with undefined, which is no function; it is left out for the rest of the run.",
    ],
    [
      'returns nothing',
      failing(() => undefined),
      "The rule 'bad' returned undefined, which is no list of findings; it is left out for the rest of the run.",
    ],
    [
      'is async',
      failing(() => Promise.reject(new Error('later'))),
      "The rule 'bad' returned a Promise, which is no list of findings; it is left out for the rest of the run.",
    ],
    [
      'finds something of unknown severity',
      failing(() => [{severity: 'bad', message: ''}]),
      "The rule 'bad' returned a list of 1, which is no list of findings; it is left out for the rest of the run.",
    ],
  ])('%s: is left out, and the others go on', (_name, rule, message) => {
    const all = said([rule, atSteps], events);
    expect(all.filter((text) => text.startsWith('ruleFailed'))).toEqual([`ruleFailed: ${message}`]);
    expect(all.filter((text) => text.startsWith('atSteps'))).toEqual(['atSteps: 0', 'atSteps: 1']);
  });

  it('is back in the next run', () => {
    const throwing = failing(() => {
      throw new Error('again');
    });
    const twice = new EventScript().step().end().begin().step().events;
    expect(said([throwing], twice)).toHaveLength(2);
  });
});

describe('runs', () => {
  it('that are interleaved are told apart', () => {
    const counting: DiagnosisRule = {
      id: 'counting',
      begin: ({run}) => {
        let steps = 0;
        return ({type}) => (type === 'step' ? info(`${run}${++steps}`) : []);
      },
    };
    const [a, b] = ['a', 'b'].map((run) => new EventScript({run}).step().step().end().step().events);
    const both = a!.flatMap((event, i) => [event, b![i]!]);
    expect(said([counting], both)).toEqual(['a1', 'b1', 'a2', 'b2'].map((text) => `counting: ${text}`));
  });

  it('that did not begin are passed over', () => {
    expect(said([atSteps], new EventScript().step().events.slice(1))).toEqual([]);
  });
});

describe('while something is not finite', () => {
  const dead = (script: EventScript, steps: number): EventScript => {
    for (let i = 0; i < steps; i++)
      script.step().capture('unitActivity', {}, {a: {active: Float32Array.of(0)}});
    return script;
  };
  const begin = () => new EventScript(runOf([layer('a', [])])).step();

  it('built-in rules pause, and go on when all is finite again', () => {
    const rules = builtInRules();
    const broken = dead(begin().capture('weightStats', norms({'a/kernel': Number.NaN})), 20);
    expect(said(rules, broken.events).map((text) => text.split(':')[0])).toEqual(['nonFinite']);
    const healed = dead(broken.capture('weightStats', norms({'a/kernel': 1})), 20);
    expect(said(rules, healed.events).map((text) => text.split(':')[0])).toEqual(['nonFinite', 'deadUnits']);
  });

  it('as the trainer has said, too', () => {
    expect(said(builtInRules(), dead(begin().alert('nonFiniteLoss'), 20).events)).toEqual([]);
  });

  it('rules of your own go on', () => {
    expect(said([atSteps], begin().alert('nonFiniteLoss').step().events)).toHaveLength(2);
  });
});

describe('a remedy that acts', () => {
  /** Counts the steps since it began. */
  const counting: DiagnosisRule = {
    id: 'counting',
    begin: ({step, epoch}) => {
      let steps = 0;
      return ({type}) => (type === 'step' ? info(`${++steps} since ${step} of epoch ${epoch}`) : []);
    },
  };
  const counts = (script: EventScript): string[] =>
    said([counting], script.events).map((text) => text.replace('counting: ', ''));
  const twoSteps = (): EventScript => new EventScript().epoch({loss: 1}).step().step();

  it.each(['applied', 'undone'] as const)('has rules begin anew where it has %s new values', (action) => {
    expect(counts(twoSteps().remedy(action, ['a/kernel']).step())).toEqual([
      '1 since 0 of epoch 0',
      '2 since 0 of epoch 0',
      '1 since 1 of epoch 1',
    ]);
  });

  it.each([
    ['has changed no parameter', 'applied', []],
    ['has kept its change', 'kept', ['a/kernel']],
    ['has failed', 'failed', ['a/kernel']],
    ['has initialised before the first step', 'initialized', ['a/kernel']],
  ] as const)('lets rules go on where it %s', (_what, action, parameters) => {
    expect(counts(twoSteps().remedy(action, parameters).step()).at(-1)).toBe('3 since 0 of epoch 0');
  });

  it('has a rule begin anew where it has undone what changed no parameter, and the rule has found something of it', () => {
    const script = twoSteps().remedy('applied').step().remedy('undone').step();
    expect(counts(script).slice(2)).toEqual(['3 since 0 of epoch 0', '1 since 2 of epoch 1']);
  });

  it('lets a rule go on that has found nothing of it', () => {
    expect(counts(twoSteps().remedy('applied').remedy('undone').step()).at(-1)).toBe('3 since 0 of epoch 0');
  });

  it('empties the windows of built-in rules', () => {
    const deadFor = (captures: number, script: EventScript): EventScript => {
      for (let i = 0; i < captures; i++)
        script.step(1, 128).capture('unitActivity', {}, {a: {active: Float32Array.of(0)}});
      return script;
    };
    const begin = (): EventScript => new EventScript(runOf([layer('a', [])]));
    const rules = builtInRules().filter(({id}) => id === 'deadUnits');
    expect(said(rules, deadFor(8, begin()).events)).toHaveLength(1);
    expect(said(rules, deadFor(7, deadFor(7, begin()).remedy('applied', ['a/kernel'])).events)).toEqual([]);
    expect(said(rules, deadFor(8, deadFor(7, begin()).remedy('applied', ['a/kernel'])).events)).toHaveLength(
      1,
    );
  });

  it('may make a rule speak a second time', () => {
    const once: DiagnosisRule = {
      id: 'once',
      begin: () => {
        let isSaid = false;
        return ({type}) => {
          if (type !== 'step' || isSaid) return [];
          isSaid = true;
          return info('once');
        };
      },
    };
    expect(said([once], twoSteps().remedy('undone', ['a/kernel']).step().step().events)).toHaveLength(2);
  });

  it('has rules begin anew that pause, because something is not finite', () => {
    const begun: number[] = [];
    const paused: DiagnosisRule = {
      id: 'deadUnits',
      begin: ({step}) => {
        begun.push(step);
        return () => [];
      },
    };
    said([paused], twoSteps().alert('nonFiniteLoss').remedy('applied', ['a/kernel']).events);
    expect(begun).toEqual([0, 1]);
  });

  it('leaves out a rule that fails when it begins anew', () => {
    let begins = 0;
    const stubborn: DiagnosisRule = {
      id: 'stubborn',
      begin: () => {
        if (++begins > 1) throw new Error('not again.');
        return () => [];
      },
    };
    expect(said([stubborn], twoSteps().remedy('applied', ['a/kernel']).step().events)).toEqual([
      "ruleFailed: The rule 'stubborn' threw: not again; it is left out for the rest of the run.",
    ]);
  });
});
