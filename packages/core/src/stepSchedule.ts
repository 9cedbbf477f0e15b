/** Where in a training a step stands. */
export interface StepPosition {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** The batch within the epoch, from 0. */
  readonly batch: number;
}

/** What a step has cost. */
export interface StepCost {
  /** Milliseconds for what was due by this schedule; 0 where nothing was. */
  readonly spent: number;
  /** Milliseconds for the training itself. */
  readonly trained: number;
}

/** Says at which optimizer updates (counted from 0) something is due. A plain function is one. */
export interface StepSchedule {
  (step: number, at: StepPosition): boolean;
  /** Told once after every step what it has cost, for schedules that go by it, such as {@link budget}. */
  observe?(cost: StepCost): void;
  /** Of one that is made of others: these, so that each can be told. */
  readonly parts?: readonly StepSchedule[];
}
