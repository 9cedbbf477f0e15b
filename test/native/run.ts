import {installBeside} from '../beside/installBeside.js';
import {runSuites} from '../beside/runSuites.js';
import {completeNative, missingHere, nativeTensorflow} from './nativeTensorflow.js';

// The suites on @tensorflow/tfjs-node-gpu, as users install it; see docs/backends.md.
const reason = missingHere();
if (reason !== undefined) {
  console.log(`test:native is skipped: ${reason}.`);
} else {
  // Also where the installation is there already: it has a link to this.
  await nativeTensorflow();
  const installation = await installBeside({
    name: 'native',
    packages: {'@tensorflow/tfjs-node-gpu': '4.22.0'},
    complete: completeNative,
  });
  process.exitCode = await runSuites('tensorflow', installation, {TF_CPP_MIN_LOG_LEVEL: '1'});
}
