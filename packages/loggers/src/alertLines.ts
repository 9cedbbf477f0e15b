import type {AlertEvent} from '@gradwire/trainer';
import {oneLine} from './format.js';

const BETWEEN_MS = 1_000;

/**
 * Alerts as lines. A rule that fires at every step would bury everything else, so each has a say once a second, for
 * as many alerts as there are at that step; what is held back is counted.
 */
export class AlertLines {
  readonly #rules = new Map<string, {step: number; time: number; held: number}>();

  lines({rule, message, remedies = [], step, time}: AlertEvent): string[] {
    const last = this.#rules.get(rule);
    if (last !== undefined && last.step !== step && Math.abs(time - last.time) < BETWEEN_MS) {
      last.held++;
      return [];
    }
    const help = remedies.length === 0 ? '' : ` Try ${remedies.map(({name}) => name).join(', ')}.`;
    const line = `alert at step ${step}: ${oneLine(rule)}: ${oneLine(message + help)}`;
    this.#rules.set(rule, {step, time, held: 0});
    return last !== undefined && last.held > 0 ? [heldBack(rule, last.held), line] : [line];
  }

  /** What was held back last, and a fresh start. */
  remaining(): string[] {
    const lines = [...this.#rules].flatMap(([rule, {held}]) => (held > 0 ? [heldBack(rule, held)] : []));
    this.#rules.clear();
    return lines;
  }
}

function heldBack(rule: string, count: number): string {
  return `${count} more ${count === 1 ? 'alert' : 'alerts'} of ${oneLine(rule)}`;
}
