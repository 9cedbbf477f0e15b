import type {EventConsumer} from '@gradwire/trainer';

/** What the cache has brought, in milliseconds. */
export interface CacheSpeed {
  /** Steps of an epoch, from the cache. */
  readonly epochFromCache: number;
  /** The same steps through the whole model, lower layers frozen. */
  readonly epochThroughAll: number;
  /** To fill the cache, once. */
  readonly filling: number;
  /** `epochThroughAll / epochFromCache`. */
  readonly factor: number;
}

/** Out of the times of single steps. */
export function speedOf(steps: number, fromCache: number, throughAll: number, filling: number): CacheSpeed {
  return {
    epochFromCache: steps * fromCache,
    epochThroughAll: steps * throughAll,
    filling,
    factor: throughAll / fromCache,
  };
}

/** Tells the speed-up as an event of the run. */
export function announceSpeed({epochFromCache, epochThroughAll, filling, factor}: CacheSpeed): EventConsumer {
  const message =
    `An epoch takes ${inWords(epochFromCache)} from the cache, ${inWords(epochThroughAll)} through all layers: ` +
    `${factor.toFixed(1)} times as fast. Filling the cache took ${inWords(filling)}.`;
  return (events$, {alert}) =>
    events$.subscribe(({type}) => {
      if (type === 'runBegin') alert({rule: 'cachedLowerLayers', severity: 'info', message});
    });
}

function inWords(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toPrecision(2)} ms`
    : `${(milliseconds / 1000).toPrecision(2)} s`;
}
