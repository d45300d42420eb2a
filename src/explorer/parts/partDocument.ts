import { createHash } from 'node:crypto';
import { l10n } from 'vscode';
import type { ObjectPart } from '../../aws/parts/readPart.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { lastSegment } from '../../aws/keySegments.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Documents, Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { Explorer } from '../explorer.ts';

/** What parts are shown with. */
export interface PartHost {
  readonly explorer: Explorer;
  readonly documents: Documents;
}

export interface PartialObject {
  readonly bucket: string;
  readonly key: string;
}

/** What distinguishes documents of the same name: whose object it is, and which. */
export function partFolder({ key }: Session, object: PartialObject): string {
  const name = `${key}\n${formatS3Uri(object)}`;
  return `part/${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

/**
 * The title of a document with a part in it: what it is comes first, so that nobody takes it for the
 * whole, and the object's own name last, by which VS Code knows its language.
 */
export function partTitle(what: string, { key }: PartialObject): string {
  // A compressed one is shown decompressed.
  const name = visible(lastSegment(key)).replace(/\.gz$/i, '').replaceAll('/', '∕');
  return `[${what.replaceAll('/', '∕')}] ${name}`;
}

/** `Bytes 0–1,048,576 of 2.3 GB` */
export function rangeText({ offset, total }: ObjectPart, length: number): string {
  return l10n.t(
    'Bytes {0}–{1} of {2}',
    formatCount(offset),
    formatCount(offset + length),
    formatSize(total),
  );
}

/**
 * A part as text, decompressed where it is the beginning of something compressed.
 *
 * @throws BrigadeError `InvalidInput` with the reason `Binary`
 */
export async function shownText(
  part: ObjectPart,
  object: PartialObject,
  most: number,
): Promise<string> {
  const { gunzipStart, looksGzipped, textOfPart } = await import('../../aws/parts/partText.ts');
  const isWhole = part.offset === 0 && part.body.length === part.total;
  const gunzip = part.offset === 0 && looksGzipped(part.body);
  const bytes = gunzip ? await gunzipStart(part.body, most) : part.body;
  const isEnd = gunzip ? isWhole : part.offset + part.body.length === part.total;
  const text = textOfPart(bytes, { isStart: part.offset === 0, isEnd });
  if (text !== undefined) return text.text;
  throw new BrigadeError('InvalidInput', 'Not a text', {
    subject: formatS3Uri(object),
    reason: 'Binary',
  });
}
