export {captureContext} from './captureContext.js';
export {expectNoLeaks} from './expectNoLeaks.js';
export {readMeasurements, type ReadMeasurements} from './readMeasurements.js';
export {type CaptureUnderTest, testCapture} from './testCapture.js';
export {testTransform, type TransformUnderTest} from './testTransform.js';
export {toBeAllclose, type Tolerance} from './toBeAllclose.js';
