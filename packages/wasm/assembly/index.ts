export {clip} from './clip';
export {product} from './product';
export {tanh} from './tanh';
export {sumRows} from './sumRows';
export {work} from './jobs';
