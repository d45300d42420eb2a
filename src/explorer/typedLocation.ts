import * as vscode from 'vscode';
import type { S3Location } from '../commands.ts';
import { addressProblem, typedAddress } from '../vscode/describeAddress.ts';

/** The bucket or prefix that was typed or pasted: a bare name, or any address of S3's. */
export function typedPrefix(text: string, endpoint: string | undefined): S3Location | undefined {
  const location = typedAddress(text, endpoint);
  if (!location) return undefined;
  const { bucket, key } = location;
  if (!key) return { bucket };
  return { bucket, key: key.endsWith('/') ? key : `${key}/` };
}

/** Why it is none. */
export function typedPrefixProblem(text: string, endpoint: string | undefined): string | undefined {
  return typedPrefix(text, endpoint)
    ? undefined
    : (addressProblem(text, endpoint) ??
        vscode.l10n.t('Not the name of a bucket, an S3 URI, an ARN or a URL.'));
}
