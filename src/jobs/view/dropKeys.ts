import { Uri, type TreeDragAndDropController } from 'vscode';
import { runCommand } from '../../vscode/runCommand.ts';
import type { Row } from './rows.ts';

const URI_LIST = 'text/uri-list';

/** A file of keys that is dropped on the Batch Jobs view becomes a manifest, which is asked about first. */
export function dropKeys(): TreeDragAndDropController<Row> {
  return {
    dropMimeTypes: [URI_LIST],
    dragMimeTypes: [],
    async handleDrop(_, transfer) {
      const text = (await transfer.get(URI_LIST)?.asString()) ?? '';
      const [first] = text.split('\r\n').filter(line => line !== '' && !line.startsWith('#'));
      if (first === undefined) return;
      const file = Uri.parse(first, true);
      // Objects of the Buckets view are dragged as addresses too.
      if (file.scheme === 'file') void runCommand('bucketBrigade.jobs.createManifest', file);
    },
  };
}
