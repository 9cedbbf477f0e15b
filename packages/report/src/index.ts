export type {DecisionBoundary, RecordedRun, ReportTable} from './recordedRun.js';
