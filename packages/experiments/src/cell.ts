/** A row of a published table: one training, and the figure that it should give. */
export interface Cell<O extends object> {
  /** Unique within the experiment, in words: `2 layers, logistic, noise`. */
  readonly name: string;
  /** What differs from the flags' defaults. */
  readonly options: Partial<O>;
  /** Which of the figures of `evaluate()` is compared: `test_acc`. */
  readonly metric: string;
  /** The published value, and where it stands. */
  readonly published?: number;
  /** From the lowest to the highest value that independent re-runs of the same program gave. */
  readonly rerun?: Reference;
  /** Difference from the published value that counts as none, in units of the metric. */
  readonly tolerance: number;
  /** The short form of `--quick`; missing where the cell is left out there. */
  readonly quick?: QuickCell<O>;
}

/** A range of values that another program gave. */
export interface Reference {
  readonly low: number;
  readonly high: number;
  /** Which program, how many random seeds. */
  readonly source: string;
}

/** A cell cut short. */
export interface QuickCell<O extends object> {
  /** What differs from the whole cell; nothing where it is quick as it is. */
  readonly options: Partial<O>;
  /** What another program gives for these options; the published value is for the whole cell and cannot be compared. */
  readonly rerun?: Reference;
}
