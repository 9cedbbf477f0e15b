export type {Figure} from './figure.js';
export {figures} from './figures.js';
export {figureSvg, type FigureSvgOptions} from './figureSvg.js';
export type {DecisionBoundary, RecordedRun, ReportTable} from './recordedRun.js';
export {report, type ReportOptions} from './report.js';
