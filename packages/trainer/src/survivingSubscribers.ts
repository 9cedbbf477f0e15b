import {config} from 'rxjs';

let runs = 0;

/**
 * While a run goes on, an error that a subscriber throws is printed instead of ending the process.
 *
 * RxJS rethrows such errors from a timer, which ends Node; this is its own switch for that, set for the time of
 * the runs only and never over a handler of the application's.
 *
 * @returns a function that ends the protection, once the errors of the last event have been reported.
 */
export function protectRunFromSubscribers(): () => void {
  runs++;
  config.onUnhandledError ??= printError;
  return () => {
    setTimeout(() => {
      if (--runs === 0 && config.onUnhandledError === printError) config.onUnhandledError = null;
    });
  };
}

function printError(error: unknown): void {
  console.error('gradwire: a subscriber of training events threw; the training goes on.', error);
}
