import { l10n } from 'vscode';
import { askText } from '../vscode/prompts.ts';

/** Asks for the six digits of the MFA device that a profile's role demands. */
export async function askMfaCode(serial: string): Promise<string> {
  return await askText({
    title: l10n.t('Sign in to AWS'),
    prompt: l10n.t('6-digit code from the MFA device {0}', serial),
    validate: text => (/^\d{6}$/.test(text) ? undefined : l10n.t('Enter 6 digits.')),
  });
}
