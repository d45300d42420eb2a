import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ReportPlace } from '../../aws/tagChanges/directEngine.ts';
import type { Services, Session } from '../../services.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { parseReportPlace } from '../create/draft.ts';

interface PlaceItem extends QuickPickItem {
  readonly place: ReportPlace | undefined;
}

const KEY = 'jobs.tagReports';
/** Where reports go unless it is said otherwise. */
const PREFIX = 'tag-reports';

/**
 * Asks where the report goes, and beside it what was there before: the last place first, then the
 * bucket of the objects.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askReportPlace(
  position: PromptPosition,
  { context }: Pick<Services, 'context'>,
  session: Session,
  bucket: string,
): Promise<ReportPlace> {
  const memory = context.workspaceState.get<Readonly<Record<string, ReportPlace>>>(KEY, {});
  const last = memory[session.key];
  const place = await ask(position, placeItems(last, { bucket, prefix: PREFIX }), last);
  await context.workspaceState.update(KEY, { ...memory, [session.key]: place });
  return place;
}

async function ask(
  position: PromptPosition,
  items: readonly PlaceItem[],
  last: ReportPlace | undefined,
): Promise<ReportPlace> {
  for (;;) {
    const { place } = await pick({
      ...position,
      placeholder: l10n.t(
        'Select the report destination. The report is needed to undo the change.',
      ),
      items,
    });
    if (place !== undefined) return place;
    try {
      return await askElsewhere({ ...position, canGoBack: true }, last);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function placeItems(last: ReportPlace | undefined, own: ReportPlace): PlaceItem[] {
  const places = [last, own].filter(place => place !== undefined);
  const byUri = new Map(places.map(place => [uriOf(place), place]));
  const items = [...byUri].map(([label, place]): PlaceItem => ({
    label,
    iconPath: new ThemeIcon('checklist'),
    place,
  }));
  const label = l10n.t('Another Bucket or Prefix…');
  return [...items, { label, iconPath: new ThemeIcon('folder-opened'), place: undefined }];
}

async function askElsewhere(
  position: PromptPosition,
  last: ReportPlace | undefined,
): Promise<ReportPlace> {
  const uri = await askText({
    ...position,
    prompt: l10n.t('Bucket and prefix of the report'),
    placeholder: 's3://bucket/prefix',
    value: last ? uriOf(last) : 's3://',
    validate: text =>
      parseReportPlace(text) ? undefined : l10n.t('For example: s3://my-bucket/reports'),
  });
  const place = parseReportPlace(uri);
  if (place === undefined) throw new BackPressed();
  return place;
}

/** A report's place as people write it. */
export function uriOf({ bucket, prefix = '' }: ReportPlace): string {
  return formatS3Uri({ bucket, key: prefix === '' ? '' : `${prefix}/` });
}
