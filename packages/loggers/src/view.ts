import type {TrainingEvent} from '@gradwire/trainer';
import type {RunProgress} from './runProgress.js';

/** Something that progress is painted on. */
export interface View {
  /** Called after every change; decides by itself whether anything is painted. */
  show(run: RunProgress, event: TrainingEvent): void;
  /** Puts a line that stays. */
  print(line: string): void;
  /** Puts the last line of a run. */
  end(line: string, time: number): void;
  /** Leaves the stream as it was found: at the beginning of a line. */
  close(): void;
}
