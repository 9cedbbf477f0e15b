import {describe, expect, it} from 'vitest';
import {training} from '../fixtures/events.js';
import {figures} from './figures.js';
import {figureSvg} from './figureSvg.js';

const [figure] = figures([{name: '<b>&', events: training()}]);

describe('figureSvg', () => {
  it('is as large as the figure says', () => {
    expect(figureSvg(figure!)).toContain(`<svg width="960" height="${figure!.height.wide}"`);
  });

  it('has its narrow form where it is narrow', () => {
    expect(figureSvg(figure!, {width: 400})).toContain(`height="${figure!.height.narrow}"`);
  });

  it.each([
    ['light', '#ffffff'],
    ['dark', '#171b21'],
  ] as const)('has the ground of the theme %s', (theme, ground) => {
    expect(figureSvg(figure!, {theme})).toContain(`fill="${ground}"`);
  });

  it('leaves no name of a colour unpainted', () => {
    expect(figureSvg(figure!)).not.toContain('color:');
  });

  it('escapes names', () => {
    const runs = ['<b>&', '<i>'].map((name) => ({name, events: training()}));
    expect(figureSvg(figures(runs)[0]!)).not.toMatch(/<[bi]>/);
  });

  it.each([{width: 10}, {height: Number.NaN}])('refuses %j', (options) => {
    expect(() => figureSvg(figure!, options)).toThrow(/^figureSvg: (width|height) must be >= /);
  });

  it('refuses a theme that there is not', () => {
    expect(() => figureSvg(figure!, {theme: 'sepia' as 'light'})).toThrow(RangeError);
  });
});
