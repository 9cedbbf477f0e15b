import {ofType, type Trainer} from '@gradwire/trainer';

/** What a trainer's last epoch has logged, by Keras names; nothing before the first one has ended. */
export function lastLogs(trainer: Trainer): () => Readonly<Record<string, number>> {
  let last: Readonly<Record<string, number>> = {};
  trainer.events$.pipe(ofType('epochEnd')).subscribe(({logs}) => (last = logs));
  return () => last;
}
