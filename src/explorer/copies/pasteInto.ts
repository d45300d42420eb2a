import { l10n, window } from 'vscode';
import { ordersFor, type CopySource } from '../../aws/copies/orders.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import type { Explorer } from '../explorer.ts';
import { duplicateOrders } from './duplicateOrders.ts';
import { copyOrMove } from './copyFlow.ts';
import type { CopyAnswers, CopyRequest } from './copyRequest.ts';
import { folderOf } from './copySources.ts';
import { readingAcross, assertReachable, type Origin } from './reach.ts';

export interface PasteRequest {
  readonly session: Session;
  /** The connection that they are from, where that may be another one. */
  readonly from?: Origin | undefined;
  readonly sources: readonly CopySource[];
  /** A bucket, a prefix, or an object whose neighbours they become. */
  readonly place: S3Location;
  readonly as: Exclude<CopyRequest['as'], 'rename'>;
  readonly answers?: CopyAnswers;
}

/**
 * Copies or moves objects and prefixes into a bucket or prefix. What is there already is duplicated by a
 * copy and left alone by a move.
 *
 * @returns whether there was anything to do
 * @throws BrigadeError `InvalidInput` for a prefix that would be put into itself, `Cancelled` …
 */
export async function pasteInto(explorer: Explorer, putting: PasteRequest): Promise<boolean> {
  const { session, from, sources, place, as, answers } = putting;
  if (from) assertReachable(from, session);
  const target = folderOf(place);
  const { orders, intoThemselves, inPlace } = ordersFor(sources, target);
  const [inner] = intoThemselves;
  if (inner) {
    const to = formatS3Uri({ bucket: target.bucket, key: target.prefix });
    const sentence = l10n.t(
      '{0} can’t be put into itself: it contains {1}.',
      formatS3Uri(inner),
      to,
    );
    throw new BrigadeError('InvalidInput', sentence);
  }
  const taken = orders.map(({ to }) => to);
  const copies =
    as === 'copy'
      ? await readingAcross(from, session, [target.bucket], () =>
          duplicateOrders(session, inPlace, taken),
        )
      : [];
  const all = [...orders, ...copies];
  if (all.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing to do: it’s already there.'));
    return false;
  }
  await copyOrMove(explorer, { session, from, orders: all, bucket: target.bucket, as, answers });
  return true;
}
