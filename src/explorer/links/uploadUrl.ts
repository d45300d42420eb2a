import { env, l10n, window } from 'vscode';
import { hasDotSegments } from '../../aws/links/objectUrl.ts';
import { formatS3Uri, MAX_KEY_BYTES } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import { formatDate } from '../../vscode/formats.ts';
import { askText } from '../../vscode/prompts.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { askExpiry, endOf } from './askExpiry.ts';
import { dotSegmentsText } from './dotSegmentsText.ts';

/** Copies a URL by which whoever has it can write one object. */
export async function copyUploadUrl(
  explorer: Explorer,
  target: S3Location | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Copy Presigned Upload URL');
  const folder = target ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
  const { bucket } = folder;
  const key = await askText({
    title,
    prompt: l10n.t('The key of the object that is uploaded with the URL'),
    value: folder.key ?? '',
    validate: keyProblem,
  });
  const contentType = await askContentType(title);
  const { credentialsEnd } = await import('../../aws/links/credentialsEnd.ts');
  const seconds = await askExpiry(title, await credentialsEnd(session.clients));
  const { presignPut } = await import('../../aws/links/presign.ts');
  const client = await session.clients.s3ForBucket(bucket);
  await env.clipboard.writeText(await presignPut(client, { bucket, key, contentType }, seconds));
  const text = l10n.t(
    'Copied a URL for a PUT request. Anyone who has it can write or overwrite {0} until {1}.',
    formatS3Uri({ bucket, key }),
    formatDate(endOf(seconds, await credentialsEnd(session.clients))),
  );
  const header =
    contentType === undefined
      ? ''
      : ` ${l10n.t('The request must have the header Content-Type: {0}.', contentType)}`;
  const note = hasDotSegments(key) ? ` ${dotSegmentsText()}` : '';
  void window.showInformationMessage(neutralizeLinks(text + header + note));
}

function keyProblem(key: string): string | undefined {
  if (key === '' || key.endsWith('/')) return l10n.t('Enter a key with a name after the last /.');
  return Buffer.byteLength(key) > MAX_KEY_BYTES
    ? l10n.t('Enter a key of up to 1,024 bytes.')
    : undefined;
}

async function askContentType(title: string): Promise<string | undefined> {
  const typed = await askText({
    title,
    prompt: l10n.t('Content-Type that the upload must have. Leave empty for any.'),
    placeholder: l10n.t('for example image/png'),
    validate: text =>
      text === '' || /^[\w.+-]+\/[\w.+-]+(;[\x20-\x7e]*)?$/.test(text)
        ? undefined
        : l10n.t('Enter a type such as image/png.'),
  });
  return typed === '' ? undefined : typed;
}
