/** What progress is written to; every stream of Node fits. */
export interface ProgressStream {
  write(text: string): unknown;
  /** Whether it is a terminal, and gets a bar instead of lines. */
  readonly isTTY?: boolean;
  /** Width of the terminal; 80 where it is not known. */
  readonly columns?: number;
}
