import { l10n } from 'vscode';

/** Said of a URL of a key with a segment that browsers leave out. */
export function dotSegmentsText(): string {
  return l10n.t(
    'Browsers can’t open it, because they drop “.” and “..” segments of a path. Use a client that keeps them, such as curl --path-as-is.',
  );
}
