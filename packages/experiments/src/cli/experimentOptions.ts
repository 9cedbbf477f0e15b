import {type Command, Option} from 'commander';
import type {Experiment} from '../experiment.js';
import {type AnyFlag, flagsOf, readFlag} from '../runs/completeOptions.js';

/** Adds the flags of an experiment to its command. */
export function addExperimentOptions(command: Command, experiment: Experiment<object>): void {
  for (const [key, flag] of flagsOf(experiment)) command.addOption(optionOf(key, flag));
}

/**
 * The options of an experiment as the command line has them.
 *
 * @returns all of them, and the names of those that were given.
 * @throws UserError that names the flag, its value, and what it may be.
 */
export function readExperimentOptions(
  command: Command,
  experiment: Experiment<object>,
): {readonly options: Record<string, unknown>; readonly given: readonly string[]} {
  const options: Record<string, unknown> = {};
  const given: string[] = [];
  for (const [key, flag] of flagsOf(experiment)) {
    const option = optionOf(key, flag);
    const value: unknown = command.getOptionValue(option.attributeName());
    options[key] = value === undefined ? flag.default : readFlag(flag, value, option.long!);
    if (value !== undefined) given.push(option.long!);
  }
  return {options, given};
}

function optionOf(
  key: string,
  {short, long, argument, description, choices, default: preset}: AnyFlag,
): Option {
  const name = long ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const spelling = `${short === undefined ? '' : `-${short}, `}--${name}${argument === undefined ? '' : ` ${argument}`}`;
  const notes = [
    ...(choices === undefined ? [] : [choices.join(', ')]),
    ...(typeof preset === 'boolean' ? [] : [`default ${[preset].flat().join(' ')}`]),
  ];
  return new Option(spelling, `${description}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`);
}
