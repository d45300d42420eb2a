import { createClients } from '../../src/aws/clients.ts';
import { changeTags, type ChangeTagsInput } from '../../src/aws/tagChanges/changeTags.ts';
import { undoTags, type UndoTagsInput } from '../../src/aws/tagUndo/undoTags.ts';

/** What the process is to do, as JSON in its one argument. */
export interface ChildOrder {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly folder: string;
  readonly change?: ChangeTagsInput;
  readonly undo?: UndoTagsInput;
}

/** Changes tags in a process that can be killed. */
const order = JSON.parse(process.argv[2] ?? '{}') as ChildOrder;
const { accessKeyId, secretAccessKey, region, endpoint, folder } = order;
const clients = createClients(
  { region, endpoint, credentials: { accessKeyId, secretAccessKey } },
  { accountId: '123456789012', partition: 'aws' },
);
if (order.change) await changeTags(clients, order.change, folder);
if (order.undo) await undoTags(clients, order.undo, folder);
clients.destroy();
console.log('done');
