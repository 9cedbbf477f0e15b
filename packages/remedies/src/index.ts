export {sigmoidRescue, type SigmoidRescueOptions} from './sigmoidRescue.js';
