import * as tf from '@tensorflow/tfjs';

/** What a saved file holds, optimizer included, after a trip through JSON as on a disk. */
export async function saved(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  const handler = tf.io.withSaveHandler(async (given) => {
    artifacts = given;
    return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
  });
  await model.save(handler, {includeOptimizer: true});
  const {weightData, ...json} = artifacts;
  return {...(JSON.parse(JSON.stringify(json)) as tf.io.ModelArtifacts), ...(weightData && {weightData})};
}

/** The model of such a file, compiled with its optimizer. */
export function loaded(artifacts: tf.io.ModelArtifacts): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}
