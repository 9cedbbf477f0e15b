import Table from 'cli-table3';
import type {Diagnosis, Report} from './diagnosis.js';
import {DESCRIPTION} from './workloads.js';

const WIDTH = 80;
/** What is left of a line behind the longest name; cli-table3 thinks its columns lie closer than they do. */
const ROOM = 56;
const NONE = '–';

/**
 * The report in lines of at most 80 columns: a row for each backend, and which one `useBackend` takes.
 *
 * @param report what `doctor` has found.
 * @example
 * ```ts
 * import {doctorTable} from '@gradwire/backend/node';
 *
 * const backends = [{name: 'webgpu', available: false, code: 'notInstalled', reason: 'not installed'}] as const;
 * console.log(doctorTable({node: 'v20.19.0', platform: 'linux x64', cpu: 'CPU', cores: 2, backends}));
 * ```
 */
export function doctorTable({node, platform, cpu, cores, backends}: Report): string {
  const table = new Table({
    head: ['backend', 'device', 'threads', 'GFLOP/s', 'MLP ms', 'CNN ms'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
    chars: Object.fromEntries(FRAME.split(' ').map((part) => [part, part === 'middle' ? '  ' : ''])),
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 0},
  });
  table.push(...backends.map(cells));
  const notes = backends.flatMap(notesOn).map((note) => wrapped(note));
  const paragraphs = [
    wrapped(`Node ${node}, ${platform}, ${cores} x ${cpu}`),
    table.toString().replace(/ +$/gm, ''),
    wrapped(DESCRIPTION),
  ];
  const taken = backends.find((diagnosis) => diagnosis.available && diagnosis.auto);
  if (taken !== undefined) paragraphs.splice(2, 0, `useBackend() takes ${taken.name} here.`);
  if (notes.length > 0) paragraphs.push(notes.join('\n'));
  return paragraphs.join('\n\n');
}

const FRAME =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';

function cells(diagnosis: Diagnosis): (string | {content: string; colSpan: number})[] {
  if (!diagnosis.available) return [diagnosis.name, {content: inBrief(diagnosis.reason), colSpan: 5}];
  const {name, device, threads, gflops, mlpMs, cnnMs} = diagnosis;
  return [name, shortened(device, 26), String(threads ?? NONE), number(gflops), number(mlpMs), number(cnnMs)];
}

/** What does not fit into the table. */
function notesOn(diagnosis: Diagnosis): string[] {
  const {name} = diagnosis;
  if (diagnosis.available) return diagnosis.problems.map((problem) => `${name}: ${problem}`);
  return isBrief(diagnosis.reason) ? [] : [`${name}: ${diagnosis.reason}.`];
}

const isBrief = (reason: string): boolean => reason.length <= ROOM;

/** The reason, or what stands before its details. */
function inBrief(reason: string): string {
  if (isBrief(reason)) return reason;
  const [heading = ''] = reason.split(':');
  return `${isBrief(heading) && heading !== reason ? heading : 'does not start'} (see below)`;
}

function number(value: number | null): string {
  if (value === null) return NONE;
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Breaks between words where it can, within a word where it must. */
function wrapped(text: string): string {
  const lines = text.match(new RegExp(`\\S.{0,${WIDTH - 1}}(?=\\s|$)|\\S{1,${WIDTH}}`, 'g')) ?? [];
  return lines.join('\n');
}
