/** What a run was asked to do; all that `--resume` needs. */
export interface RunConfig {
  readonly version: 1;
  /** Name of the experiment. */
  readonly experiment: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** As for `useBackend`. */
  readonly backend: string;
  readonly threads?: number;
  /** Folder of the image set, where it was given. */
  readonly data?: string;
  readonly tensorBoard?: boolean;
  /** ISO 8601. */
  readonly created: string;
}
