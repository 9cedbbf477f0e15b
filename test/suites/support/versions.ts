import * as tf from '@tensorflow/tfjs';

/** What some backends say of themselves. */
interface TalkativeBackend {
  /** Of the native one. */
  readonly binding?: {readonly TF_Version?: string};
  /** Of WebGPU. */
  readonly adapterInfo?: {readonly vendor: string; readonly architecture: string};
}

/** What the suites run on, in the words of the table in docs/backends.md. */
export function versions(): string {
  const {binding, adapterInfo} = tf.backend() as TalkativeBackend;
  return [
    `backend ${tf.getBackend()}`,
    `tfjs ${tf.version.tfjs}`,
    ...(binding?.TF_Version === undefined ? [] : [`TensorFlow ${binding.TF_Version}`]),
    ...(adapterInfo === undefined ? [] : [`adapter ${adapterInfo.vendor} ${adapterInfo.architecture}`]),
    environment(),
  ].join(', ');
}

function environment(): string {
  if (globalThis.process?.versions?.node !== undefined) return `Node ${process.versions.node}`;
  return /Chrome[/][\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent;
}
