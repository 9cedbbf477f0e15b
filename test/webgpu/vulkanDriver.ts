import {existsSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** SwiftShader, which computes on the CPU, comes with Chromium; with it the Vulkan loader that Dawn looks for. */
const swiftShaders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'].map((folder) =>
  join(folder, 'vk_swiftshader_icd.json'),
);
const systemFolders = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** The environment in which Dawn finds a Vulkan driver; undefined if there is none. */
export function vulkanDriver(): Readonly<Record<string, string>> | undefined {
  // Metal and Direct3D come with the system.
  if (process.platform !== 'linux' || process.env['VK_DRIVER_FILES'] !== undefined) return {};
  const swiftShader = swiftShaders.find((file) => existsSync(file));
  if (swiftShader !== undefined) {
    const libraries = [dirname(swiftShader), process.env['LD_LIBRARY_PATH'] ?? []].flat().join(':');
    return {VK_DRIVER_FILES: swiftShader, VK_ICD_FILENAMES: swiftShader, LD_LIBRARY_PATH: libraries};
  }
  return systemFolders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0)
    ? {}
    : undefined;
}
