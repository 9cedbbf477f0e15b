/** As much of jasmine-core 5 as the operators' tests are run with; it comes without types. */
declare module 'jasmine-core' {
  interface Result {
    readonly fullName: string;
    readonly failedExpectations: readonly {readonly message: string}[];
  }

  interface SpecResult extends Result {
    readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
  }

  interface Reporter {
    specDone(result: SpecResult): void;
    suiteDone(result: Result): void;
  }

  interface Env {
    configure(options: {readonly random: boolean; specFilter(spec: {getFullName(): string}): boolean}): void;
    addReporter(reporter: Reporter): void;
    execute(): Promise<{readonly failedExpectations: readonly {readonly message: string}[]}>;
  }

  /** Defines `describe`, `it`, `expect` and the like for everyone. */
  export function boot(): {DEFAULT_TIMEOUT_INTERVAL: number; getEnv(): Env};
}
