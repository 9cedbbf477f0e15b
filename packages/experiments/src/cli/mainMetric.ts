const FIRST = ['test_acc', 'val_acc', 'acc', 'loss'];

/** The figure that stands for a run where there is room for one. */
export function mainMetric(metrics: Readonly<Record<string, number>>): string | undefined {
  return FIRST.find((name) => name in metrics) ?? Object.keys(metrics)[0];
}
