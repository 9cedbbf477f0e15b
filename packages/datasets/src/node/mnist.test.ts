import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {tinyImageSet} from '../../fixtures/tinyImageSet.js';
import {FASHION_MNIST, fashionMnist} from './fashionMnist.js';
import {MNIST, mnist} from './mnist.js';
import type {MnistOptions} from './mnistOptions.js';

/** As `sha256sum` prints them, with the sizes behind. */
const PUBLISHED = `
440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609  mnist/train-images-idx3-ubyte.gz 9912422
3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c  mnist/train-labels-idx1-ubyte.gz 28881
8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6  mnist/t10k-images-idx3-ubyte.gz 1648877
f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6  mnist/t10k-labels-idx1-ubyte.gz 4542
3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84  fashion-mnist/train-images-idx3-ubyte.gz 26421880
a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845  fashion-mnist/train-labels-idx1-ubyte.gz 29515
346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073  fashion-mnist/t10k-images-idx3-ubyte.gz 4422102
67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5  fashion-mnist/t10k-labels-idx1-ubyte.gz 5148
`;

it('knows the files as they are published', () => {
  const lines = [MNIST, FASHION_MNIST].flatMap(({folder, files}) =>
    Object.values({...files}).map(({name, bytes, sha256}) => `${sha256}  ${folder}/${name} ${bytes}`),
  );
  expect(lines.join('\n')).toBe(PUBLISHED.trim());
});

it('knows the addresses as folders', () => {
  const addresses = [...MNIST.mirrors, ...FASHION_MNIST.mirrors];
  expect(addresses.filter((url) => !/^https?:.+[/]$/.test(url))).toEqual([]);
});

describe.each([
  {load: mnist, name: 'mnist'},
  {load: fashionMnist, name: 'fashionMnist'},
])('$name', ({load, name}) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gradwire-mnist-'));
  });
  afterEach(() => rm(folder, {recursive: true}));

  it('reads the files of a folder, however few images they have', async () => {
    await Promise.all([
      writeFile(join(folder, 'train-images-idx3-ubyte'), tinyImageSet.trainImages),
      writeFile(join(folder, 'train-labels-idx1-ubyte'), tinyImageSet.trainLabels),
      writeFile(join(folder, 't10k-images-idx3-ubyte'), tinyImageSet.testImages),
      writeFile(join(folder, 't10k-labels-idx1-ubyte'), tinyImageSet.testLabels),
    ]);
    const {classes, train, test} = await load({directory: folder});
    expect([classes, [...train.labels], [...test.images]]).toEqual([
      10,
      [5, 0, 9],
      [250, 251, 252, 253, 254, 255],
    ]);
  });

  it('says which file is missing', async () => {
    await expect(load({directory: folder})).rejects.toThrow(
      `${name}: there is no file train-images-idx3-ubyte or train-images-idx3-ubyte.gz in ${folder}. ` +
        'Put it there, or leave out directory to have it downloaded.',
    );
  });

  it.each<[unknown, string]>([
    [{directory: ''}, "directory must be the path of a folder, got the string ''."],
    [{cache: 3}, 'cache must be the path of a folder, got the number 3.'],
    [{signal: {}}, 'signal must be an AbortSignal, got an object.'],
    [{onProgress: true}, 'onProgress must be a function, got true.'],
    [{mirrors: []}, 'mirrors must be a list of one or more http or https addresses, got a list of 0.'],
    [{mirrors: ['here']}, 'mirrors must be a list of one or more http or https addresses, got a list of 1.'],
    [
      {mirrors: ['file:///a/']},
      'mirrors must be a list of one or more http or https addresses, got a list of 1.',
    ],
    [{data: 'a'}, "there is no option 'data'. Options: directory, cache, signal, onProgress, mirrors."],
    [null, 'options must be an object'],
  ])('rejects %o by name', async (options, message) => {
    await expect(load(options as MnistOptions)).rejects.toThrow(`${name}: ${message}`);
  });
});
