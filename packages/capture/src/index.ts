export {chainNorms, type ChainNormsOptions} from './chainNorms.js';
export {gradientStats, type GradientStatsOptions} from './gradientStats.js';
export {weightStats, type WeightStatsOptions} from './weightStats.js';
