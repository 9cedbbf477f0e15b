/** Runs what it is given until that throws, and nothing more from then on: a lost terminal ends no training. */
export function untilItThrows(): (action: () => void) => void {
  let lost = false;
  return (action) => {
    if (lost) return;
    try {
      action();
    } catch {
      lost = true;
    }
  };
}
