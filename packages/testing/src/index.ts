export {expectNoLeaks} from './expectNoLeaks.js';
export {testTransform, type TransformUnderTest} from './testTransform.js';
export {toBeAllclose, type Tolerance} from './toBeAllclose.js';
