import { l10n } from 'vscode';
import type { CredentialsEnd } from '../../aws/links/credentialsEnd.ts';
import { MAX_EXPIRY } from '../../aws/links/presign.ts';
import { formatDate } from '../../vscode/formats.ts';
import { askText, pick } from '../../vscode/prompts.ts';
import { parseDuration } from './duration.ts';

const HOUR = 3600;

/**
 * Asks how long a URL is to work.
 *
 * @returns seconds
 * @throws BrigadeError `Cancelled`
 */
export async function askExpiry(title: string, end: CredentialsEnd): Promise<number> {
  const choices = [
    { label: l10n.t('15 minutes'), seconds: HOUR / 4 },
    { label: l10n.t('1 hour'), seconds: HOUR },
    { label: l10n.t('12 hours'), seconds: 12 * HOUR },
    { label: l10n.t('7 days'), seconds: MAX_EXPIRY },
  ].map(choice => ({ ...choice, detail: shortened(choice.seconds, end) }));
  const chosen = await pick({
    title,
    placeholder: l10n.t('Select how long the URL is valid. Anyone who has it can use it.'),
    items: [...choices, { label: l10n.t('Custom…'), seconds: undefined, detail: undefined }],
    active: ({ seconds }) => seconds === HOUR,
  });
  return chosen.seconds ?? (await askCustom(title, end));
}

async function askCustom(title: string, end: CredentialsEnd): Promise<number> {
  const text = await askText({
    title,
    prompt: endText(end) ?? l10n.t('up to 7 days'),
    placeholder: l10n.t('30m, 2h, 3d'),
    validate: typed =>
      secondsOf(typed) === undefined
        ? l10n.t('A time such as 30m, 2h or 3d, of at most 7 days')
        : undefined,
  });
  return secondsOf(text) ?? HOUR;
}

function secondsOf(text: string): number | undefined {
  const seconds = parseDuration(text);
  return seconds !== undefined && seconds >= 1 && seconds <= MAX_EXPIRY ? seconds : undefined;
}

/** Says of a choice that the credentials will not last as long. */
function shortened(seconds: number, end: CredentialsEnd): string | undefined {
  if (end.kind === 'at' && end.date.getTime() >= Date.now() + seconds * 1000) return undefined;
  return endText(end);
}

function endText(end: CredentialsEnd): string | undefined {
  switch (end.kind) {
    case 'never':
      return undefined;
    case 'at':
      return l10n.t(
        'Expires earlier: the credentials expire {0}, and the URL with them',
        formatDate(end.date),
      );
    case 'unknown':
      return l10n.t('May end earlier: the URL expires with the session’s credentials');
  }
}

/** When a URL stops working: at its expiry, or with the credentials. */
export function endOf(seconds: number, end: CredentialsEnd): Date {
  const expiry = Date.now() + seconds * 1000;
  return new Date(end.kind === 'at' ? Math.min(expiry, end.date.getTime()) : expiry);
}
