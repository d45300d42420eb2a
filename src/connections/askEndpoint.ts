import { l10n, workspace } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { askText } from '../vscode/prompts.ts';
import { endpointProblem } from './endpointUrl.ts';

/**
 * Asks where an S3-compatible service answers; empty means the profile's own or AWS. Only in a
 * trusted workspace: signed requests will go there.
 */
export async function askEndpoint(label: string, current = ''): Promise<string | undefined> {
  if (!workspace.isTrusted) {
    throw new BrigadeError(
      'InvalidInput',
      l10n.t('The endpoint can be changed only in a trusted workspace.'),
    );
  }
  const answer = await askText({
    title: l10n.t('Endpoint of {0}', label),
    prompt: l10n.t('URL of an S3-compatible service. Leave empty to use the profile’s endpoint.'),
    placeholder: 'https://s3.example.com:9000',
    value: current,
    validate: text => (text.trim() === '' ? undefined : sentence(text.trim())),
  });
  return answer.trim() === '' ? undefined : answer.trim().replace(/\/$/, '');
}

function sentence(text: string): string | undefined {
  switch (endpointProblem(text)) {
    case 'notUrl':
      return l10n.t('Enter a URL such as https://s3.example.com:9000');
    case 'notHttp':
      return l10n.t('The URL must begin with https:// or http://');
    case 'moreThanHost':
      return l10n.t('Enter only the host and port, without a path, user name or query.');
    case undefined:
      return undefined;
  }
}
