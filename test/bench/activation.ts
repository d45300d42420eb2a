import path from 'node:path';
import type { VsCode } from '../support/vsCode.ts';
import {
  installEmptyExtension,
  installProductionExtension,
  measureInHost,
} from './extensionHost.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

interface Activation {
  readonly milliseconds: number;
  /** Sizes of the files of the extension that were loaded. */
  readonly bytes: number;
}

const OURS = 'bucket-brigade.bucket-brigade';
const EMPTY = 'bench.empty';
/** Empty too. The first activation in a host is much slower, and nobody's fault. */
const FIRST = 'bench.first';

/** Activates the extension that users get, and an empty one, in turns in several workbenches. */
export async function measureActivation(
  vsCode: VsCode,
  dataDir: string,
  rounds: number,
): Promise<Row[]> {
  const extensionsFolder = path.join(dataDir, 'activation-extensions');
  await installProductionExtension(extensionsFolder);
  await installEmptyExtension(extensionsFolder, 'first');
  await installEmptyExtension(extensionsFolder, 'empty');
  const ours: Activation[] = [];
  const empty: Activation[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [FIRST, OURS, EMPTY] : [FIRST, EMPTY, OURS];
    const figures = await measureInHost<Record<typeof OURS | typeof EMPTY, Activation>>(vsCode, {
      name: 'activation',
      extensionsFolder,
      env: { BENCH_EXTENSIONS: order.join(',') },
    });
    ours.push(figures[OURS]);
    empty.push(figures[EMPTY]);
  }
  const times = summarize(ours.map(({ milliseconds }) => milliseconds));
  const emptyTimes = summarize(empty.map(({ milliseconds }) => milliseconds));
  const kilobytes = (of: Activation[]) => summarize(of.map(({ bytes }) => bytes / 1000));
  return [
    {
      group: 'Activation',
      measure: 'until activate() has returned',
      unit: 'ms',
      ours: times,
      peer: { name: 'empty', sample: emptyTimes },
      aim: { moreThanPeer: 20 },
    },
    {
      group: 'Activation',
      measure: 'code loaded by it',
      unit: 'kB',
      ours: kilobytes(ours),
      peer: { name: 'empty', sample: kilobytes(empty) },
    },
  ];
}
