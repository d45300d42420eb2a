import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { ownerOf, ownerOfKey } from '../vscode/sessionOwner.ts';
import type { Explorer } from './explorer.ts';

/**
 * Refuses an `s3:` address of another account than what is done with it: it would be another object.
 *
 * @throws BrigadeError `InvalidInput`
 */
export function checkSameAccount(
  { connections }: Explorer,
  session: Session,
  { bucket, key, session: owner }: S3Location,
): void {
  const isDefault = session.connection.id === connections.current?.id;
  if (owner === undefined ? isDefault : owner === session.key) return;
  const whose = owner === undefined ? undefined : ownerOfKey(owner, connections).name;
  const sentence = l10n.t(
    'It belongs to {0}, but you are using {1}. To copy between accounts, download it, then upload it.',
    whose ?? connections.current?.label ?? '',
    ownerOf(session).name,
  );
  throw new BrigadeError('InvalidInput', sentence, { subject: formatS3Uri({ bucket, key }) });
}
