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
