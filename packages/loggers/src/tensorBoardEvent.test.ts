import {expect, it} from 'vitest';
import {decodeEvent} from '../fixtures/decodeTensorBoard.js';
import peer from '../fixtures/tfjsNode.json' with {type: 'json'};
import {readTfRecords} from '../fixtures/readTfRecords.js';
import {fileVersion, histogram, scalar, summary} from './tensorBoardEvent.js';
import {tfRecord} from './tfRecord.js';

const file = Buffer.from(peer.base64, 'base64');
const records = readTfRecords(file);
const seconds = records.map((data) => decodeEvent(data).seconds);

it('writes the version and scalars byte by byte as tfjs-node does', () => {
  const ours = [
    fileVersion(seconds[0]!),
    summary(seconds[1]!, 0, [scalar('epoch_loss', 0.1)]),
    summary(seconds[2]!, 7, [scalar('epoch_loss', 1e-30)]),
  ];
  const bytes = Buffer.concat(ours.map(tfRecord));
  expect(bytes.toString('hex')).toBe(file.subarray(0, bytes.length).toString('hex'));
});

it('writes histograms in the form of tfjs-node, in double precision', () => {
  const bins = {counts: [2, 1, 0, 1], edges: [-1, 0, 1, 2, 3]};
  const ours = decodeEvent(summary(seconds[3]!, 2, [histogram('weights', bins)]));
  const theirs = decodeEvent(records[3]!);
  const {shape, plugin, tag} = theirs.values[0]!;
  expect(ours).toMatchObject({step: theirs.step, values: [{shape, plugin, tag}]});
});
