import type {EventConsumer} from '@gradwire/trainer';
import {diagnosis} from './diagnosis.js';

/** A diagnosis is a consumer, though this package knows nothing of RxJS. */
export const consumer: EventConsumer = diagnosis();
