import { l10n, ThemeIcon } from 'vscode';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { lastSegment } from '../../aws/keySegments.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { objectOrAsk, sessionFor } from '../explorer.ts';
import { askPart } from './askPart.ts';
import { PART_BYTES, type PartStart } from './partStart.ts';
import {
  partFolder,
  partTitle,
  rangeText,
  shownText,
  type PartialObject,
  type PartHost,
} from './partDocument.ts';
import { followTail, openTail } from './tail.ts';

/** Opens a part of an object, as it is chosen: the first, any other, or its end. */
export async function openPart(host: PartHost, target: S3Location | undefined): Promise<void> {
  const session = await sessionFor(host.explorer, target);
  const title = l10n.t('Open Part or Tail');
  const object = await objectOrAsk(host.explorer, session, target, title);
  const { size, eTag } = await headOf(session, object);
  const { run } = await pick({
    title: l10n.t('{0} ({1})', lastSegment(object.key), formatSize(size)),
    placeholder: l10n.t('Select what to open'),
    items: [
      {
        label: l10n.t('Open the First Part'),
        description: formatSize(Math.min(size, PART_BYTES)),
        iconPath: new ThemeIcon('go-to-file'),
        run: () =>
          showPart(host, session, object, {
            ...{ start: { kind: 'bytes', offset: 0 }, length: PART_BYTES, eTag },
          }),
      },
      {
        label: l10n.t('Open Part…'),
        description: l10n.t('by bytes, percent or line'),
        iconPath: new ThemeIcon('list-selection'),
        run: async () => {
          const part = await askPart(l10n.t('Part of {0}', lastSegment(object.key)), size);
          await showPart(host, session, object, { ...part, eTag });
        },
      },
      {
        label: l10n.t('Open the End'),
        iconPath: new ThemeIcon('arrow-down'),
        run: async () => {
          await openTail(host, session, object);
        },
      },
      {
        label: l10n.t('Follow the End'),
        description: l10n.t('like “tail -f”, until it is closed'),
        iconPath: new ThemeIcon('eye'),
        run: () => followTail(host, session, object),
      },
      {
        label: l10n.t('Download…'),
        iconPath: new ThemeIcon('cloud-download'),
        run: async () => {
          await runCommandFor(session, 'bucketBrigade.explorer.download', {
            ...{ bucket: object.bucket, key: object.key },
          });
        },
      },
    ],
  });
  await run();
}

async function headOf(session: Session, object: PartialObject) {
  const title = l10n.t('Opening {0}', formatS3Uri(object));
  return await withCancellableProgress({ title }, async signal => {
    const { headObject } = await import('../../aws/objects/listing.ts');
    const client = await session.clients.s3ForBucket(object.bucket, signal);
    return await headObject(client, object, { signal });
  });
}

interface WantedPart {
  readonly start: PartStart;
  readonly length: number;
  /** Of what was looked at; the part is one of it, or none is shown. */
  readonly eTag: string;
}

async function showPart(
  { documents }: PartHost,
  session: Session,
  object: PartialObject,
  { start, length, eTag }: WantedPart,
): Promise<void> {
  const title = l10n.t('Reading a part of {0}', formatS3Uri(object));
  const shown = await withCancellableProgress({ title }, async (signal, report) => {
    const { readPart } = await import('../../aws/parts/readPart.ts');
    const client = await session.clients.s3ForBucket(object.bucket, signal);
    const offset =
      start.kind === 'bytes'
        ? start.offset
        : await lineOffset(client, object, start.line, {
            signal,
            onProgress: bytes => report({ message: formatSize(bytes) }),
          });
    const part = await readPart(client, { ...object, offset, length, ifMatch: eTag }, { signal });
    if (!part) throw new Error('No condition was set that could keep it from being read');
    return { part, text: await shownText(part, object, length) };
  });
  const { part, text } = shown;
  const isWhole = part.offset === 0 && part.body.length === part.total;
  const what = isWhole
    ? l10n.t('All {0}', formatSize(part.total))
    : rangeText(part, part.body.length);
  await documents.show(partFolder(session, object), partTitle(what, object), text, {
    inMemory: true,
  });
}

async function lineOffset(
  client: Awaited<ReturnType<Session['clients']['s3ForBucket']>>,
  object: PartialObject,
  line: number,
  options: { readonly signal: AbortSignal; readonly onProgress: (bytes: number) => void },
): Promise<number> {
  const { findLine } = await import('../../aws/parts/findLine.ts');
  return (await findLine(client, object, line, options)).offset;
}
