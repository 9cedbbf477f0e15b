import {describe, expect, it} from 'vitest';
import {step, training} from '../fixtures/events.js';
import {report} from './report.js';

const EVIL = `</script><img src=x onerror="alert(1)"><!--<script>'`;

/** What stands in the page besides the chart library. */
const withoutLibrary = (page: string): string => page.replace(/<script>[^]*?<\/script>/, '');

describe('report', () => {
  it('escapes every name', () => {
    const events = training(
      'r',
      {type: 'alert', run: 'r', step: 1, epoch: 0, time: 0, rule: EVIL, severity: 'error', message: EVIL},
      {
        type: 'remedy',
        run: 'r',
        step: 1,
        epoch: 0,
        time: 0,
        remedy: EVIL,
        action: 'applied',
        parameters: [EVIL],
      },
      {
        type: 'capture',
        run: 'r',
        step: 1,
        epoch: 0,
        time: 0,
        capture: 'gradientStats',
        values: {[EVIL]: {mean: 1, std: 1, norm: 1}},
        arrays: {},
      },
    );
    const page = report({
      title: EVIL,
      runs: [{name: EVIL, events, config: {[EVIL]: EVIL}, metrics: {[EVIL]: 1}}],
      tables: [{title: EVIL, columns: [EVIL], rows: [[EVIL]]}],
    });
    expect(withoutLibrary(page)).not.toContain('<img');
    expect(withoutLibrary(page).match(/<\/script>/g)).toHaveLength(2);
  });

  it('lets nothing be loaded', () => {
    const page = report({title: 'one', runs: [{name: 'one', events: training()}]});
    expect(page).toMatch(
      /Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-/,
    );
    expect(withoutLibrary(page)).not.toMatch(/<(?:link|img|iframe)\b|\bsrc=/);
  });

  it('shows config, metrics, the reason of the end and tables', () => {
    const page = report({
      title: 'one',
      runs: [{name: 'one', events: training(), config: {eta: 0.3}, metrics: {test_acc: 0.91234567}}],
      tables: [{title: 'Published', columns: ['cell', 'acc'], rows: [['relu', 91.6]]}],
    });
    for (const text of ['eta', '0.3', 'test_acc', '0.9123', 'completed', 'Published', '91.6']) {
      expect(page).toContain(`>${text}<`);
    }
  });

  it('says that a run has not ended', () => {
    const page = report({title: 'one', runs: [{name: 'one', events: training().slice(0, -1)}]});
    expect(page).toContain('>not ended<');
  });

  it('of 50 000 steps stays below 4 MB', () => {
    const quantities = {mean: 0.123456789, std: 0.123456789, norm: 0.123456789};
    const events = Array.from({length: 50_000}, (_, i) => [
      step(i, 0, Math.sin(i)),
      {
        type: 'capture' as const,
        run: 'r',
        step: i,
        epoch: 0,
        time: 0,
        capture: 'gradientStats',
        values: Object.fromEntries(Array.from({length: 10}, (__, layer) => [`${layer}/kernel`, quantities])),
        arrays: {},
      },
    ]).flat();
    expect(report({title: 'long', runs: [{name: 'long', events}]}).length).toBeLessThan(4e6);
  });
});
