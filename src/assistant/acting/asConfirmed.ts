import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';

/**
 * Holds what is there now against what the user agreed to: minutes may lie between the question and the
 * answer, and others change things too.
 *
 * @throws BrigadeError `Conflict` where it is another now
 */
export function assertAsConfirmed(confirmed: object, now: object, subject: string): void {
  if (JSON.stringify(confirmed) === JSON.stringify(now)) return;
  const sentence = l10n.t('It has changed since you confirmed it, so nothing was done. Try again.');
  throw new BrigadeError('Conflict', sentence, { subject });
}
