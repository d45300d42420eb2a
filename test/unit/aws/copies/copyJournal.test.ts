import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CopyJournal, itemId } from '../../../../src/aws/copies/copyJournal.ts';

it.each(['["b","k]', '["b","other","half'])(
  'names are read behind half a line, %s, of a process that was killed',
  async half => {
    const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-names-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const save = (): Promise<void> => Promise.resolve();
    const journal = new CopyJournal({ folder, checkpoint: () => undefined, save });
    const item = { bucket: 'b', key: 'a\u2028]\n', to: 'x' };
    await journal.noteName({ ...item, key: 'first' }, 'first copy');
    await appendFile(join(folder, 'names.jsonl'), half);
    await journal.noteName(item, 'a copy]');
    expect([...(await journal.names())]).toEqual([
      [itemId({ ...item, key: 'first' }), 'first copy'],
      [itemId(item), 'a copy]'],
    ]);
  },
);
