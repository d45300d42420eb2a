import { Disposable, env, l10n } from 'vscode';
import { formatS3Uri, objectArn } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { askLocation, targetsOrAsk, sessionFor, type Explorer } from './explorer.ts';

/** Copying what names an object elsewhere; one line for each selected row. */
export function registerCopyCommands(explorer: Explorer): Disposable {
  const copy = async (
    title: string,
    text: (location: S3Location, session: Session) => string | Promise<string>,
    target?: S3Location,
    selection?: readonly S3Location[],
  ): Promise<void> => {
    const session = await sessionFor(explorer, target);
    const locations = await targetsOrAsk(target, selection, () =>
      askLocation(explorer, session, { title, kind: 'any' }),
    );
    const lines = await Promise.all(locations.map(async location => text(location, session)));
    await env.clipboard.writeText(lines.join('\n'));
  };
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.copyS3Uri', (target, selection) =>
      copy(l10n.t('Copy S3 URI'), formatS3Uri, target, selection),
    ),
    registerCommand('bucketBrigade.explorer.copyUrl', (target, selection) =>
      copy(l10n.t('Copy URL'), urlOf, target, selection),
    ),
    registerCommand('bucketBrigade.explorer.copyArn', (target, selection) =>
      copy(l10n.t('Copy ARN'), arnOf, target, selection),
    ),
    registerCommand('bucketBrigade.explorer.copyKey', (target, selection) =>
      copy(l10n.t('Copy Key'), ({ key = '' }) => key, target, selection),
    ),
  );
}

async function urlOf({ bucket, key }: S3Location, { clients }: Session): Promise<string> {
  const { partition, endpoint } = clients;
  const region = await clients.regionOfBucket(bucket);
  const { objectUrl } = await import('../aws/links/objectUrl.ts');
  return objectUrl({
    bucket,
    region,
    partition,
    key,
    endpoint,
  });
}

function arnOf({ bucket, key }: S3Location, { identity }: Session): string {
  return objectArn(identity.partition, bucket, key);
}
