export {perturbChunk} from './perturbChunk';
