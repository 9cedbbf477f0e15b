/** Whether a GPU of this name is played by the CPU. Not all of them admit it elsewhere: llvmpipe, for one. */
export function isSoftwareRenderer(name: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i.test(name);
}
