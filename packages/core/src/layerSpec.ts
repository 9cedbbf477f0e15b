/** What is known of a layer without running it: what selectors, captures and diagnoses work with. */
export interface LayerSpec {
  /** Its name; within a nested model `outer/inner`. */
  readonly name: string;
  /** Its class by tfjs's name: `Dense`, `Conv2D`, `LSTM`, … */
  readonly kind: string;
  /** The activation that it ends with, by tfjs's name (`relu`, `tanh`, …), where it has one. */
  readonly activation?: string;
  /** Names of the layers that its inputs come from. What comes from the model's inputs has none. */
  readonly inputs: readonly string[];
  /** Names of its trained parameters. */
  readonly parameters: readonly string[];
  /** Whether what it returns is an output of the model. */
  readonly isOutput: boolean;
}
