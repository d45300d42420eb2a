import path from 'node:path';
import type { VsCode } from '../support/vsCode.ts';
import { installProductionExtension, measureInHost } from './extensionHost.ts';
import { MANY_BUCKET } from './manyObjects.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';
import { seedManyKeys } from './tree.ts';

interface Block {
  readonly wall: number;
  readonly work: number;
}

interface Figures {
  /** Milliseconds that the host's thread was kept busy at most, while a task ran and at rest. */
  readonly working: Block;
  readonly idle: Block;
  /** How long the task took. */
  readonly seconds: number;
}

/** The longest block of the extension host while the worker lists many objects into a manifest. */
export async function measureHostBlock(
  vsCode: VsCode,
  dataDir: string,
  { count, rounds }: { readonly count: number; readonly rounds: number },
): Promise<Row[]> {
  const extensionsFolder = path.join(dataDir, 'host-extensions');
  await installProductionExtension(extensionsFolder);
  const measured: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const data = path.join(dataDir, `host-${round}`);
    seedManyKeys(data, count);
    const env = {
      BUCKET_BRIGADE_SANDBOX_DATA: data,
      BENCH_BUCKET: MANY_BUCKET,
      BENCH_OBJECTS: String(count),
    };
    measured.push(
      await measureInHost<Figures>(vsCode, { name: 'hostBlock', extensionsFolder, env }),
    );
  }
  const group = `Worker listing ${count.toLocaleString('en')} keys`;
  const of = (name: 'working' | 'idle', measure: keyof Block) =>
    summarize(measured.map(figures => figures[name][measure]));
  return [
    {
      group,
      measure: 'longest block of the extension host',
      unit: 'ms',
      ours: of('working', 'work'),
      peer: { name: 'at rest', sample: of('idle', 'work') },
      aim: { atMost: 50 },
    },
    {
      group,
      measure: 'the same by the clock',
      unit: 'ms',
      ours: of('working', 'wall'),
      peer: { name: 'at rest', sample: of('idle', 'wall') },
    },
    {
      group,
      measure: 'manifest written',
      unit: 's',
      ours: summarize(measured.map(({ seconds }) => seconds)),
    },
  ];
}
