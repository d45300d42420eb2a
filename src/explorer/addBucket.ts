import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { listObjects } from '../aws/objects/listing.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { ConnectionTarget } from '../commands.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { askText } from '../vscode/prompts.ts';
import type { Explorer } from './explorer.ts';
import { typedPrefix, typedPrefixProblem } from './typedLocation.ts';

/** Adds a bucket or prefix by its name, S3 URI or ARN, after looking whether it can be read. */
export async function addBucket(
  { connections, pins, tree }: Explorer,
  target?: string | ConnectionTarget,
): Promise<void> {
  const [name, id] = typeof target === 'string' ? [target] : [undefined, target?.connectionId];
  const session = await connections.session(undefined, id);
  const { endpoint } = session.clients;
  const typed =
    name ??
    (await askText({
      title: l10n.t('Add Bucket'),
      prompt: l10n.t('A bucket that you can access, even if you can’t list buckets'),
      placeholder: l10n.t('Name, s3://bucket/prefix/, ARN, URL or console address'),
      validate: text => typedPrefixProblem(text, endpoint),
    }));
  const location = typedPrefix(typed, endpoint);
  if (!location) throw new BrigadeError('InvalidInput', l10n.t('{0} isn’t a bucket.', typed));
  const title = l10n.t('Opening {0}', formatS3Uri(location));
  await withCancellableProgress({ title }, async signal => {
    const client = await session.clients.s3ForBucket(location.bucket, signal);
    const { bucket, key: prefix = '' } = location;
    await listObjects(client, { bucket, prefix, pageSize: 1 }, { signal });
  });
  await pins.add(session, location);
  tree.refresh();
}
