import path from 'node:path';
import { l10n } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Listing, ObjectSelection } from '../../aws/selection/selection.ts';
import { formatCount, formatObjects } from '../formats.ts';
import { filterLines } from '../filter/filterText.ts';

/** Where the objects are, on one line: `s3://images/a/ and 2 more prefixes`. */
export function placeText({ bucket, prefixes, objects = [] }: Listing): string {
  const [first = '', ...more] = prefixes;
  const where = formatS3Uri({ bucket, key: first });
  const folders =
    more.length === 0
      ? where
      : more.length === 1
        ? l10n.t('{0} and 1 more prefix', where)
        : l10n.t('{0} and {1} more prefixes', where, formatCount(more.length));
  return objects.length === 0
    ? folders
    : l10n.t('{0} and {1}', folders, formatObjects(objects.length));
}

/** What is selected, on one line. */
export function selectionText(selection: ObjectSelection): string {
  switch (selection.kind) {
    case 'objects': {
      const [first] = selection.objects;
      if (selection.objects.length === 1 && first) return formatS3Uri(first);
      return l10n.t('{0} in {1}', formatObjects(selection.objects.length), first?.bucket ?? '');
    }
    case 'listing': {
      const lines = filterLines(selection.filter);
      if (selection.versions === 'all') lines.push(l10n.t('All versions'));
      return [placeText(selection), ...lines].join(' · ');
    }
    case 'manifest':
      return formatS3Uri(selection);
    case 'file':
      // Also the description of a job: where things are on this computer is nobody else's business.
      return path.basename(selection.path);
  }
}
