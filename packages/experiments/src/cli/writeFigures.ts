import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {RecordedRun} from '@gradwire/report';
import {type Command, Option} from 'commander';
import {writeWhole} from '../runs/writeWhole.js';

/** What {@link addFigureFlags} adds. */
export interface FigureFlags {
  readonly figures?: string;
  readonly theme: 'light' | 'dark';
}

/** `--figures` and `--theme`, for {@link writeFigures}. */
export function addFigureFlags(command: Command): Command {
  return command
    .option('--figures <dir>', 'write every figure as an SVG file into this folder, too')
    .addOption(new Option('--theme <name>', 'of the SVG files').choices(['light', 'dark']).default('light'));
}

/** Every figure of the runs as an SVG file, where there is a folder for them; returns the names of the files. */
export async function writeFigures(
  runs: readonly RecordedRun[],
  {figures: folder, theme}: FigureFlags,
): Promise<readonly string[]> {
  if (folder === undefined) return [];
  const {figures, figureSvg} = await import('@gradwire/report');
  await mkdir(folder, {recursive: true});
  const written: string[] = [];
  for (const figure of figures(runs)) {
    const path = join(folder, `${figure.id}.svg`);
    await writeWhole(path, figureSvg(figure, {theme}));
    written.push(path);
  }
  return written;
}
