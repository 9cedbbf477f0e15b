// Started by `gradwire reproduce`, once for each training.
import {EXPERIMENTS} from '../cli/experiments.js';
import {workCell} from '../reproduce/workCell.js';

await workCell(process.argv[2] ?? '', EXPERIMENTS);
