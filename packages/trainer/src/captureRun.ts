import {
  type Capture,
  type CaptureContext,
  type CaptureSubjects,
  compileLayerSelector,
  type LayerSelector,
  mapTensors,
  requireSelection,
  requireSelector,
  type RunEndContext,
  type StepPosition,
  type StepSchedule,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Emission} from './eventBus.js';
import {LayerProbe, type ProbedLayers} from './layerProbe.js';
import type {ModelLayer} from './layersOf.js';
import {describeReturned, measure, type Measuring} from './measure.js';
import {StepRecord} from './stepRecord.js';

/** Failures in a row after which a capture is left out. */
const PATIENCE = 3;

/** The captures of one run: asks them, and bears with those that fail. */
export class CaptureRun {
  readonly #failures = new Map<Capture, number>();
  /** The schedules that want to know what a step has cost, of each capture and of all. */
  readonly #schedules: ReadonlyMap<Capture, ReadonlySet<StepSchedule>>;
  readonly #observers: ReadonlySet<StepSchedule>;
  /** Failures that are not reported yet. */
  #reports: Emission[] = [];
  /** What each looks at. */
  readonly #looks: ReadonlyMap<Capture, ProbedLayers>;
  /** Milliseconds of this step, by capture. */
  #spent = new Map<Capture, number>();

  constructor(
    private readonly captures: readonly Capture[],
    private readonly layers: readonly ModelLayer[],
    /** The same list in every step, as selectors remember it by that. */
    private readonly specs = layers.map(({spec}) => spec),
  ) {
    const names = (
      {name}: Capture,
      need: 'activations' | 'activationGradients',
      selector: LayerSelector | undefined,
    ): ReadonlySet<string> => {
      if (selector === undefined) return new Set();
      requireSelector(`capture '${name}'`, need, selector);
      return compileLayerSelector(selector)(this.specs);
    };
    this.#looks = new Map(
      captures.map((capture) => [
        capture,
        {
          activations: names(capture, 'activations', capture.activations),
          gradients: names(capture, 'activationGradients', capture.activationGradients),
        },
      ]),
    );
    this.#schedules = new Map(captures.map((capture) => [capture, observersIn(capture.when)]));
    this.#observers = new Set([...this.#schedules.values()].flatMap((observers) => [...observers]));
  }

  /** Rejects, before the first step, what could not be measured. */
  check(subjects: Pick<CaptureSubjects, 'parameters' | 'stages'>): void {
    for (const capture of this.captures) {
      const {name, activations, activationGradients} = capture;
      const looks = this.#looks.get(capture)!;
      this.#requireLayers(name, activations, looks.activations);
      this.#requireLayers(name, activationGradients, looks.gradients);
      const returned: unknown = capture.check?.({...subjects, layers: this.specs});
      if (returned instanceof Promise) {
        throw new TypeError(
          `capture '${name}': check must throw or return, got ${describeReturned(returned)}.`,
        );
      }
    }
  }

  /** What is due at a step, and the record that is to be filled for it; undefined where nothing is. */
  begin(
    step: number,
    at: StepPosition,
    variables: readonly tf.Variable[],
  ): {readonly due: readonly Capture[]; readonly record: StepRecord} | undefined {
    this.#spent.clear();
    const due = this.captures.filter((capture) => this.#isDue(capture, step, at));
    if (due.length === 0) return undefined;
    const looks = due.map((capture) => this.#looks.get(capture)!);
    const wanted = {
      activations: new Set(looks.flatMap(({activations}) => [...activations])),
      gradients: new Set(looks.flatMap(({gradients}) => [...gradients])),
    };
    const probes = wanted.activations.size + wanted.gradients.size > 0;
    const probe = probes ? new LayerProbe(this.layers, wanted) : undefined;
    return {due, record: new StepRecord(variables, this.specs, probe)};
  }

  /** The events of those that were due, and of what has failed. */
  async measure(due: readonly Capture[], ctx: CaptureContext, recording: number): Promise<Emission[]> {
    const measured = await this.#measure(due, (capture) => capture.measure(ctx));
    for (const capture of due) this.#spend(capture, recording / due.length);
    return measured;
  }

  /** The events at the end of a run. */
  async finish(ctx: RunEndContext): Promise<Emission[]> {
    const finishing = this.captures.filter(
      (capture) => capture.finish !== undefined && !this.#isDisabled(capture),
    );
    if (finishing.length === 0) return this.takeReports();
    const weights = mapTensors(ctx.weights, (weight) => tf.clone(weight));
    const measured = this.#measure(finishing, (capture) => capture.finish!({...ctx, weights}));
    // Measured by now, though not read.
    tf.dispose(Object.values(weights));
    return measured;
  }

  /** Failures in steps where nothing was measured. */
  takeReports(): Emission[] {
    const reports = this.#reports;
    this.#reports = [];
    return reports;
  }

  /** Tells the schedules that go by it what the step has cost. */
  observe(duration: number): void {
    if (this.#observers.size === 0) return;
    const total = [...this.#spent.values()].reduce((sum, spent) => sum + spent, 0);
    const trained = Math.max(0, duration - total);
    for (const schedule of this.#observers) {
      const spent = [...this.#spent].reduce(
        (sum, [capture, ms]) => (this.#schedules.get(capture)!.has(schedule) ? sum + ms : sum),
        0,
      );
      schedule.observe!({spent, trained});
    }
  }

  async #measure(captures: readonly Capture[], how: (capture: Capture) => Measuring): Promise<Emission[]> {
    if (captures.length === 0) return this.takeReports();
    const results = await measure(captures, how);
    const events = results.flatMap(({capture, event, error, spent}): Emission[] => {
      this.#spend(capture, spent);
      if (event === undefined) {
        this.#fail(capture, error);
        return [];
      }
      this.#failures.delete(capture);
      return [event];
    });
    return [...events, ...this.takeReports()];
  }

  #requireLayers(name: string, selector: LayerSelector | undefined, selected: ReadonlySet<string>): void {
    if (selector === undefined) return;
    if (this.specs.length === 0) {
      throw new Error(`capture '${name}': it looks at layers, and a model that is a function has none.`);
    }
    // A predicate may well find nothing: it is no spelling mistake.
    if (typeof selector === 'function') return;
    const names = this.specs.map((spec) => spec.name);
    requireSelection(`capture '${name}'`, 'layer', selector, selected, names);
  }

  #isDue(capture: Capture, step: number, at: StepPosition): boolean {
    if (this.#isDisabled(capture)) return false;
    try {
      let isDue: unknown;
      tf.tidy(() => void (isDue = capture.when(step, at)));
      if (typeof isDue === 'boolean') return isDue;
      throw new TypeError(
        `capture '${capture.name}': when must return true or false, got ${describeReturned(isDue)}.`,
      );
    } catch (error) {
      this.#fail(capture, error);
      return false;
    }
  }

  #isDisabled(capture: Capture): boolean {
    return (this.#failures.get(capture) ?? 0) >= PATIENCE;
  }

  #fail(capture: Capture, thrown: unknown): void {
    const failures = (this.#failures.get(capture) ?? 0) + 1;
    this.#failures.set(capture, failures);
    const {name, message} = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#reports.push({
      type: 'captureFailed',
      capture: capture.name,
      error: {name, message},
      disabled: failures >= PATIENCE,
    });
  }

  #spend(capture: Capture, ms: number): void {
    this.#spent.set(capture, (this.#spent.get(capture) ?? 0) + ms);
  }
}

/** A schedule and those that it is made of, as far as they observe. */
function observersIn(schedule: StepSchedule): ReadonlySet<StepSchedule> {
  const within = (schedule.parts ?? []).flatMap((part) => [...observersIn(part)]);
  return new Set(schedule.observe === undefined ? within : [schedule, ...within]);
}
