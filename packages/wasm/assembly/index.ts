export {clip} from './clip';
export {product} from './product';
export {tanh} from './tanh';
export {tanhGradient} from './tanhGradient';
export {sumRows} from './sumRows';
export {work} from './jobs';
