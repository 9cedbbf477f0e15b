import {installBeside} from '../beside/installBeside.js';
import {runSuites} from '../beside/runSuites.js';
import {vulkanDriver} from './vulkanDriver.js';

// The suites on WebGPU in Node, which Dawn brings; see docs/backends.md.
const driver = vulkanDriver();
if (driver === undefined) {
  console.log('test:webgpu is skipped: there is no Vulkan driver. `apt-get install chromium` brings one.');
} else {
  const installation = await installBeside({
    name: 'webgpu',
    packages: {'@tensorflow/tfjs-backend-webgpu': '4.22.0', webgpu: '0.6.2'},
  });
  process.exitCode = await runSuites('webgpu', installation, driver);
}
