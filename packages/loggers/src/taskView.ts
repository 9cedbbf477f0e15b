/** Something that tasks are painted on. */
export interface TaskView {
  /** Called after every change; decides by itself whether anything is painted. */
  show(): void;
  /** A task is done. */
  done(task: string, text?: string): void;
  /** Puts a line that stays. */
  print(line: string): void;
  /** Leaves the stream at the beginning of a line, with a last one unless it is empty. */
  close(line: string): void;
}
