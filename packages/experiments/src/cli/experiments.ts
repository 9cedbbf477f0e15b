import {annealedNoise} from '../annealedNoise/annealedNoise.js';
import type {Experiment} from '../experiment.js';
import {notes} from '../notes/notes.js';
import {remedies} from '../remedies/remedies.js';
import {spiral} from '../spiral/spiral.js';
import {visualize} from '../visualize/visualize.js';

/** All experiments, in the order of their seed documents. */
export const EXPERIMENTS: readonly Experiment<object>[] = [annealedNoise, visualize, remedies, notes, spiral];
