import {every, type GradientTransform, masked, stateless} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {Container} from 'inversify';
import {tap} from 'rxjs';
import {describe, expect, it, vi} from 'vitest';
import {
  expectNoNewTensors,
  mlp,
  noisy,
  parametersOf,
  record,
  samples,
  scaled,
  typesOf,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {
  captureModule,
  CLOCK,
  consumerModule,
  createTrainer,
  defineRemedy,
  EVENTS,
  LOSS,
  MODEL,
  OPTIMIZER,
  ofType,
  type Remedy,
  type RemedySource,
  remedyModule,
  SCHEDULE,
  SEED,
  SERVICES,
  SETTINGS,
  Trainer,
  trainerModule,
  type TrainerModuleOptions,
  type TrainerOptions,
  type TrainerServices,
  transformModule,
} from './index.js';

useCpu();

const N = 8;

const parts = (own: Partial<TrainerModuleOptions> = {}): TrainerModuleOptions => ({
  model: mlp(),
  loss: 'meanSquaredError',
  optimizer: tf.train.sgd(0.1),
  ...own,
});

const trainerOf = (own: Partial<TrainerOptions> = {}): Trainer => createTrainer({...parts(), ...own});

const named = (name: string, factor = 1): GradientTransform => ({...scaled({factor}), name});

describe('a container built by hand', () => {
  it('gives the same as createTrainer', async () => {
    const seen: string[][] = [[], []];
    const models = [mlp(), mlp()] as const;
    const capture = {name: 'c', when: every(2), measure: () => ({})};
    const first = createTrainer({
      ...parts({model: models[0], seed: 5}),
      transforms: [noisy(), scaled({factor: 0.5})],
      captures: [capture],
      consumers: [(events$) => events$.subscribe(({type}) => seen[0]!.push(type))],
      remedies: [{name: 'r', transforms: [scaled({factor: 3})]}],
    });
    const container = new Container();
    container.load(
      trainerModule(parts({model: models[1], seed: 5})),
      transformModule(noisy()),
      transformModule(scaled({factor: 0.5})),
      captureModule(capture),
      consumerModule((events$) => events$.subscribe(({type}) => seen[1]!.push(type))),
      remedyModule({name: 'r', transforms: [scaled({factor: 3})]}),
    );
    const second = container.get(Trainer);
    for (const trainer of [first, second]) await trainer.fit(samples(N), {epochs: 2, batchSize: 4});
    expect(weightsOf(models[1])).toEqual(weightsOf(models[0]));
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toContain('capture');
  });

  it('has one trainer, whose parts it gives', () => {
    const given = parts({seed: 3, readLoss: every(2)});
    const container = new Container();
    container.load(trainerModule(given));
    const trainer = container.get(Trainer);
    expect(container.get(Trainer)).toBe(trainer);
    expect(container.get(MODEL)).toBe(given.model);
    expect(container.get(LOSS)).toBe(given.loss);
    expect(container.get(OPTIMIZER)).toBe(given.optimizer);
    expect(container.get(SEED)).toBe(3);
    expect(container.get(SETTINGS)).toEqual({readLoss: given.readLoss});
    expect(container.get(EVENTS)).toBe(trainer.events$);
    expect(container.get(SERVICES)).toMatchObject({seed: 3, model: given.model, events$: trainer.events$});
  });
});

describe('rebinding', () => {
  const rebuilt = (
    change: (container: Container) => void,
    own: Partial<TrainerModuleOptions> = {},
  ): Trainer => {
    const container = new Container();
    container.load(trainerModule(parts(own)));
    change(container);
    return container.get(Trainer);
  };

  it('the clock dates the events', async () => {
    let time = 0;
    const trainer = rebuilt((container) => {
      container.rebind(CLOCK).toConstantValue({now: () => time});
      container.load(consumerModule((events$) => events$.subscribe(() => (time += 10))));
    });
    const events = record(trainer);
    await trainer.fit(samples(N));
    expect(events.map((event) => [event.type, event.time, 'duration' in event ? event.duration : 0])).toEqual(
      [
        ['runBegin', 0, 0],
        ['epochBegin', 10, 0],
        ['step', 20, 0],
        ['epochEnd', 30, 20],
        ['runEnd', 40, 40],
      ],
    );
  });

  it('the seed', async () => {
    const model = mlp();
    const trainer = rebuilt((container) => container.rebind(SEED).toConstantValue(77), {model});
    const events = record(trainer);
    await trainer.fit(samples(N), {batchSize: 2});
    const other = mlp();
    await trainerOf({model: other, seed: 77}).fit(samples(N), {batchSize: 2});
    expect(events[0]).toMatchObject({seed: 77});
    expect(weightsOf(model)).toEqual(weightsOf(other));
  });

  it('optimizer, model and loss', async () => {
    const model = mlp();
    const trainer = rebuilt((container) => {
      container.rebind(OPTIMIZER).toConstantValue(tf.train.adam(0.05));
      container.rebind(MODEL).toConstantValue(model);
      container.rebind(LOSS).toConstantValue('meanAbsoluteError');
    });
    const events = record(trainer);
    await trainer.fit(samples(N));
    const other = mlp();
    await createTrainer({model: other, loss: 'meanAbsoluteError', optimizer: tf.train.adam(0.05)}).fit(
      samples(N),
    );
    expect(events[0]).toMatchObject({optimizer: 'Adam'});
    expect(weightsOf(model)).toEqual(weightsOf(other));
  });

  it('the events: everybody gets the new stream', async () => {
    const passed: string[] = [];
    const container = new Container();
    container.load(trainerModule(parts()));
    const events$ = container.get(EVENTS);
    container.rebind(EVENTS).toConstantValue(
      events$.pipe(
        ofType('step', 'runEnd'),
        tap(({type}) => passed.push(type)),
      ),
    );
    const seen: string[] = [];
    container.load(consumerModule((stream) => stream.subscribe(({type}) => seen.push(type))));
    await container.get(Trainer).fit(samples(N));
    expect(seen).toEqual(['step', 'runEnd']);
    expect(passed).toEqual(seen);
  });

  it('settings and schedule', async () => {
    const trainer = rebuilt((container) => {
      container.rebind(SETTINGS).toConstantValue({metrics: ['mae']});
      container.bind(SCHEDULE).toConstantValue(() => 0.25);
    });
    const events = record(trainer);
    const {history} = await trainer.fit(samples(N));
    expect(Object.keys(history)).toEqual(['loss', 'mae']);
    expect(events.find(({type}) => type === 'step')).toMatchObject({learningRate: 0.25});
  });
});

describe('services', () => {
  it('are given to functions that make transforms and captures', async () => {
    const model = mlp();
    const got: TrainerServices[] = [];
    const trainer = trainerOf({
      model,
      seed: 12,
      transforms: [
        (services) => {
          got.push(services);
          return stateless('own', {seed: services.seed}, (grads) => grads);
        },
      ],
      captures: [
        (services) => {
          got.push(services);
          return {name: 'own', when: () => false, measure: () => ({})};
        },
      ],
    });
    const events = record(trainer);
    expect(got).toHaveLength(2);
    for (const {seed, model: given, clock, events$} of got) {
      expect([seed, given, events$]).toEqual([12, model, trainer.events$]);
      expect(clock.now()).toBeGreaterThan(1e12);
    }
    await trainer.fit(samples(N));
    expect(events[0]).toMatchObject({transforms: ['own']});
  });

  it('stop the run and send alerts', async () => {
    const trainer = trainerOf({
      remedies: [
        ({stop, alert}) => ({
          name: 'brake',
          consumers: [
            (events$) =>
              events$.pipe(ofType('step')).subscribe(() => {
                alert({rule: 'enough', severity: 'info', message: 'That will do.'});
                stop();
              }),
          ],
        }),
      ],
    });
    const events = record(trainer);
    expect((await trainer.fit(samples(N), {epochs: 3, batchSize: 4})).reason).toBe('stopped');
    expect(typesOf(events)).toEqual(['runBegin', 'epochBegin', 'step', 'alert', 'runEnd']);
    expect(events[3]).toMatchObject({rule: 'enough', message: 'That will do.', step: 0, run: events[0]!.run});
  });

  it('show what a factory throws', () => {
    expect(() =>
      trainerOf({
        transforms: [
          () => {
            throw new RangeError('clipByNorm: maxNorm must be > 0, got -1.');
          },
        ],
      }),
    ).toThrow('clipByNorm: maxNorm must be > 0, got -1.');
  });
});

describe('the order of transforms', () => {
  const order = async (own: Partial<TrainerOptions>): Promise<readonly string[]> => {
    const trainer = trainerOf(own);
    const events = record(trainer);
    await trainer.fit(samples(N));
    return events.flatMap((event) => (event.type === 'runBegin' ? event.transforms : []));
  };

  it('is that of loading, those of remedies last', async () => {
    expect(
      await order({
        remedies: [{name: 'r', transforms: [named('c'), named('a')]}],
        transforms: [named('b'), named('a')],
      }),
    ).toEqual(['b', 'a', 'c', 'a']);
  });

  it('is transformOrder, where given', async () => {
    const transformOrder = ['c', 'a', 'b'];
    const remedies = [{name: 'r', transforms: [named('c')]}];
    expect(await order({transforms: [named('a'), named('b')], remedies, transformOrder})).toEqual(
      transformOrder,
    );
  });

  it('is the order in which they act', async () => {
    const calls: string[] = [];
    const calling = (name: string): GradientTransform =>
      stateless(name, {}, (grads) => {
        calls.push(name);
        return grads;
      });
    await order({transforms: [calling('a'), calling('b'), calling('c')], transformOrder: ['b', 'c', 'a']});
    expect(calls).toEqual(['b', 'c', 'a']);
  });

  it.each<readonly [string, string[], readonly GradientTransform[], string]>([
    [
      'an unknown name',
      ['a', 'x', 'b'],
      [named('a'), named('b')],
      "createTrainer: transformOrder names 'x', which is unknown. Known: a, b.",
    ],
    [
      'a missing name',
      ['b'],
      [named('a'), named('b'), named('c')],
      'createTrainer: transformOrder must name every transform once; missing: a, c.',
    ],
    [
      'a name twice',
      ['a', 'b', 'a'],
      [named('a'), named('b')],
      "createTrainer: transformOrder names 'a' twice.",
    ],
    [
      'two transforms of one name',
      ['a'],
      [named('a'), named('a')],
      "createTrainer: transformOrder needs unique names, but two transforms are named 'a'.",
    ],
    [
      'names where there are no transforms',
      ['a'],
      [],
      "createTrainer: transformOrder names 'a', which is unknown.",
    ],
  ])('rejects %s', (_, transformOrder, transforms, message) => {
    expect(() => trainerOf({transforms, transformOrder})).toThrow(message);
  });
});

describe('a remedy', () => {
  it('brings transforms, captures, consumers, new weights and a schedule', async () => {
    const seen: string[] = [];
    const model = mlp();
    const remedy = defineRemedy({
      name: 'all',
      transforms: [scaled({factor: 0})],
      captures: [{name: 'c', when: () => true, measure: () => ({})}],
      consumers: [(events$) => events$.subscribe(({type}) => seen.push(type))],
      initialize: {'**/kernel': ({shape}) => tf.fill([...shape], 0.5)},
      schedule: () => 0.125,
    });
    const trainer = trainerOf({model, remedies: [remedy]});
    const events = record(trainer);
    await trainer.fit(samples(N));
    await trainer.fit(samples(N));
    expect(seen).toEqual(typesOf(events));
    expect(typesOf(events).slice(0, 6)).toEqual([
      'runBegin',
      'remedy',
      'epochBegin',
      'step',
      'capture',
      'epochEnd',
    ]);
    expect(events[0]).toMatchObject({transforms: ['scaled']});
    expect(events[1]).toMatchObject({
      remedy: 'all',
      action: 'initialized',
      parameters: [0, 2].map((i) => parametersOf(model)[i]),
    });
    expect(events[3]).toMatchObject({learningRate: 0.125});
    // Only before the first step of all.
    expect(typesOf(events).filter((type) => type === 'remedy')).toHaveLength(1);
    const [kernel1, , kernel2] = weightsOf(model);
    expect(new Set([...kernel1!, ...kernel2!])).toEqual(new Set([0.5]));
  });

  it('may be a function of the services, asked once', async () => {
    const source = vi.fn<Extract<RemedySource, (...args: never) => unknown>>(({seed}) => ({
      name: 'own',
      transforms: [named(`seed${seed}`)],
      schedule: () => 0.5,
    }));
    const trainer = trainerOf({seed: 4, remedies: [defineRemedy(source)]});
    const events = record(trainer);
    await trainer.fit(samples(N));
    await trainer.fit(samples(N));
    expect(source).toHaveBeenCalledTimes(1);
    expect(events[0]).toMatchObject({transforms: ['seed4']});
    expect(events.find(({type}) => type === 'step')).toMatchObject({learningRate: 0.5});
  });

  it('initialises by the seed and the parameter, alike in a model that is built again', async () => {
    const initialized = async (seed: number): Promise<{seeds: number[]; weights: number[][]}> => {
      const seeds: number[] = [];
      const model = mlp();
      await trainerOf({
        model,
        seed,
        optimizer: tf.train.sgd(0),
        remedies: [
          {
            name: 'random',
            initialize: {
              '**': ({shape}, own) => {
                seeds.push(own);
                return tf.randomNormal([...shape], 0, 1, 'float32', own);
              },
            },
          },
        ],
      }).fit(samples(N));
      return {seeds, weights: weightsOf(model)};
    };
    const [first, again, other] = [await initialized(1), await initialized(1), await initialized(2)];
    expect(again).toEqual(first);
    expect(new Set([...first.seeds, ...other.seeds]).size).toBe(8);
    expect(other.weights).not.toEqual(first.weights);
  });

  const zeros: NonNullable<Remedy['initialize']>[string] = ({shape}) => tf.zeros([...shape]);

  it.each<readonly [string, readonly Remedy[], string]>([
    [
      'matches nothing',
      [
        {name: 'good', initialize: {'**/kernel': zeros}},
        {name: 'bad', initialize: {'**/bias': zeros, 'conv*/**': zeros}},
      ],
      'bad: initialize: the selector conv*/** matches no parameter. Nearest of 4: ',
    ],
    [
      'gives another shape',
      [{name: 'bad', initialize: {'**/bias': zeros, '**/kernel': () => tf.zeros([7])}}],
      "bad: initialize: '**/kernel' gave shape [7] for",
    ],
    [
      'throws',
      [
        {
          name: 'bad',
          initialize: {
            '**/bias': zeros,
            '**/kernel': () => {
              throw new Error('no such value');
            },
          },
        },
      ],
      'no such value',
    ],
  ])(
    'whose initialize %s is an error before any weight changes, at every fit',
    async (_, remedies, message) => {
      const model = mlp();
      const weights = weightsOf(model);
      const trainer = trainerOf({model, remedies});
      const events = record(trainer);
      const data = samples(N);
      await expectNoNewTensors(async () => {
        await expect(trainer.fit(data)).rejects.toThrow(message);
        await expect(trainer.fit(data)).rejects.toThrow(message);
      });
      expect(weightsOf(model)).toEqual(weights);
      expect(new Set(typesOf(events))).toEqual(new Set(['runBegin', 'runEnd']));
    },
  );

  it('with a second schedule is an error', () => {
    const schedule = (): number => 0.1;
    expect(() => trainerOf({schedule, remedies: [{name: 'r', schedule}]})).toThrow(
      'createTrainer: 2 schedules set the learning rate; only one can.',
    );
  });

  it('needs a name', () => {
    expect(() => defineRemedy({name: ''})).toThrow(
      "defineRemedy: name must be a non-empty string, got the string ''.",
    );
    expect(() => defineRemedy({} as Remedy)).toThrow(
      'defineRemedy: name must be a non-empty string, got undefined.',
    );
  });

  it('is frozen', () => {
    expect(Object.isFrozen(defineRemedy({name: 'r'}))).toBe(true);
  });
});

describe('a selector that matches nothing', () => {
  it('is found in the transforms of remedies, too', async () => {
    const trainer = trainerOf({remedies: [{name: 'r', transforms: [masked('x', scaled({factor: 1}))]}]});
    await expect(trainer.fit(samples(N))).rejects.toThrow('matches no parameter');
  });
});
