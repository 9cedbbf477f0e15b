import type {Capture, GradientTransform} from '@gradwire/core';
import {ContainerModule, type ServiceIdentifier} from 'inversify';
import {systemClock} from './clock.js';
import {EventBus} from './eventBus.js';
import type {EventConsumer} from './eventConsumer.js';
import type {RemedySource} from './remedy.js';
import {requireTrainerOptions} from './requireTrainerOptions.js';
import {RunControl} from './runControl.js';
import * as token from './tokens.js';
import {Trainer} from './trainer.js';
import type {Provided, TrainerModuleOptions} from './trainerOptions.js';
import type {TrainerServices} from './trainerServices.js';

/**
 * The bindings that a {@link Trainer} needs: model, loss, optimizer, seed, clock, events. Every one can be rebound.
 *
 * @param options the same as for {@link createTrainer}, without the parts that have modules of their own.
 * @throws TypeError if model, loss or optimizer are missing or of a wrong kind.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {Container} from 'inversify';
 * import {Trainer, trainerModule, transformModule} from '@gradwire/trainer';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * const container = new Container();
 * container.load(
 *   trainerModule({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), seed: 42}),
 *   transformModule(gradientNoise({eta: 0.3})),
 * );
 * const trainer = container.get(Trainer);
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 1});
 * ```
 */
export function trainerModule(options: TrainerModuleOptions): ContainerModule {
  requireTrainerOptions(options);
  const {model, loss, optimizer, seed = 0, schedule, ...settings} = options;
  return new ContainerModule(({bind}) => {
    bind(token.MODEL).toConstantValue(model);
    bind(token.LOSS).toConstantValue(loss);
    bind(token.OPTIMIZER).toConstantValue(optimizer);
    bind(token.SEED).toConstantValue(seed);
    if (schedule !== undefined) bind(token.SCHEDULE).toConstantValue(schedule);
    bind(token.SETTINGS).toConstantValue(settings);
    bind(token.CLOCK).toConstantValue(systemClock);
    bind(token.EVENT_BUS)
      .toResolvedValue((clock) => new EventBus(clock), [token.CLOCK])
      .inSingletonScope();
    bind(token.EVENTS)
      .toResolvedValue((bus) => bus.events$, [token.EVENT_BUS])
      .inSingletonScope();
    bind(token.RUN_CONTROL).toConstantValue(new RunControl());
    bind(token.SERVICES).toResolvedValue(
      (...[boundModel, boundSeed, clock, events$, bus, control]) => ({
        model: boundModel,
        seed: boundSeed,
        clock,
        events$,
        stop: () => control.stop(),
        alert: (alert) => bus.emit({type: 'alert', ...alert}),
        remedy: (action) => bus.emit({type: 'remedy', ...action}),
        betweenSteps: (change) => control.intervene(change),
      }),
      [token.MODEL, token.SEED, token.CLOCK, token.EVENTS, token.EVENT_BUS, token.RUN_CONTROL],
    );
    bind(Trainer).toSelf().inSingletonScope();
  });
}

/**
 * Adds a gradient transform, after those that are loaded already.
 *
 * @param transform the transform, or a function of the trainer's services that makes it.
 * @example
 * ```ts
 * import {transformModule} from '@gradwire/trainer';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const noisy = transformModule(({seed}) => gradientNoise({eta: 0.3, seed: seed + 1}));
 * ```
 */
export function transformModule(transform: Provided<GradientTransform>): ContainerModule {
  return partModule(
    token.TRANSFORM,
    typeof transform === 'function'
      ? explained('transforms', transform, 'clipByGlobalNorm({maxNorm: 1})')
      : () => transform,
  );
}

/** Says what has happened where a factory, which takes options, is called with services. */
function explained<T>(
  option: string,
  provide: (services: TrainerServices) => T,
  example: string,
): (services: TrainerServices) => T {
  return (services) => {
    try {
      return provide(services);
    } catch (cause) {
      const name = provide.name || 'a function';
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(
        `${option}: ${name} was called with the trainer's services and has thrown: ${message} ` +
          `If it is a factory, call it: ${option}: [${example}].`,
        {cause},
      );
    }
  };
}

/**
 * Adds a capture.
 *
 * @param capture the capture, or a function of the trainer's services that makes it.
 * @example
 * ```ts
 * import {every} from '@gradwire/core';
 * import {captureModule} from '@gradwire/trainer';
 * import {gradientStats} from '@gradwire/capture';
 *
 * const watched = captureModule(gradientStats({when: every(10)}));
 * ```
 */
export function captureModule(capture: Provided<Capture>): ContainerModule {
  return partModule(
    token.CAPTURE,
    typeof capture === 'function'
      ? explained('captures', capture, 'gradientStats({when: every(10)})')
      : () => capture,
  );
}

/**
 * Adds a consumer of the training events.
 *
 * @param consumer a function from the stream of events to a subscription.
 * @example
 * ```ts
 * import {consumerModule} from '@gradwire/trainer';
 *
 * const counting = consumerModule((events$) => events$.subscribe((event) => console.log(event.type)));
 * ```
 */
export function consumerModule(consumer: EventConsumer): ContainerModule {
  return partModule(token.CONSUMER, () => consumer);
}

/**
 * Adds a remedy.
 *
 * @param remedy what {@link defineRemedy} returned.
 * @example
 * ```ts
 * import {defineRemedy, remedyModule} from '@gradwire/trainer';
 * import {clipByNorm} from '@gradwire/clipping';
 *
 * const calm = remedyModule(defineRemedy({name: 'calm', transforms: [clipByNorm({maxNorm: 1})]}));
 * ```
 */
export function remedyModule(remedy: RemedySource): ContainerModule {
  return partModule(token.REMEDY, typeof remedy === 'function' ? remedy : () => remedy);
}

function partModule<T>(
  identifier: ServiceIdentifier<T>,
  provide: (services: TrainerServices) => T,
): ContainerModule {
  return new ContainerModule(({bind}) => {
    bind(identifier).toResolvedValue(provide, [token.SERVICES]).inSingletonScope();
  });
}
