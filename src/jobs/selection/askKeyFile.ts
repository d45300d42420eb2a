import { open } from 'node:fs/promises';
import { l10n, window, type Uri } from 'vscode';
import { isBucketName } from '../../aws/s3Uri.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import type { PromptPosition } from '../../vscode/prompts.ts';

type KeyFile = Extract<ObjectSelection, { readonly kind: 'file' }>;

/**
 * Asks for a file of keys on this computer, a CSV as manifests are or one key a line, and for the bucket
 * that they are in where the file doesn't say so.
 *
 * @param given a file that need not be asked for
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askKeyFile(
  position: PromptPosition,
  { clients }: Session,
  given?: Uri,
): Promise<KeyFile> {
  const [chosen] =
    given === undefined
      ? ((await window.showOpenDialog({
          title: l10n.t('File of Keys'),
          openLabel: l10n.t('Use File'),
          filters: { [l10n.t('CSV or Text')]: ['csv', 'txt', 'tsv', 'list'], '*': ['*'] },
        })) ?? [])
      : [given];
  if (chosen === undefined) throw cancelled();
  const path = chosen.fsPath;
  const named = await bucketNamedIn(path);
  const isOne =
    named !== undefined &&
    (await clients.regionOfBucket(named).then(
      async () => await exists(clients, named),
      () => false,
    ));
  if (isOne) return { kind: 'file', path, bucket: named };
  const question = l10n.t('Select the bucket of the keys');
  const { bucket } = await pickS3Location(clients, { ...position, question, kind: 'bucket' });
  return { kind: 'file', path, bucket };
}

async function exists(clients: Session['clients'], bucket: string): Promise<boolean> {
  const { listObjects } = await import('../../aws/objects/listing.ts');
  const client = await clients.s3ForBucket(bucket);
  const nothing = { bucket, prefix: '', delimiter: '/' };
  return await listObjects(client, nothing).then(
    () => true,
    () => false,
  );
}

/** Bytes that hold a bucket's name and what is around it. */
const HEAD_BYTES = 300;

/** The first cell of the first row, where it may be the name of a bucket. */
async function bucketNamedIn(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\ufeff/, '');
    const [, cell = ''] = /^"?([^",\r\n]+)"?,/.exec(head) ?? [];
    return isBucketName(cell) ? cell : undefined;
  } finally {
    await file.close();
  }
}
