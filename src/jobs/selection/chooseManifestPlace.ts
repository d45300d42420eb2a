import { l10n, ThemeIcon, type Memento, type QuickPickItem } from 'vscode';
import { formatS3Uri, parseS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';

const KEY = 'jobs.manifestPlaces';
const FOLDER = 'manifests/';

interface PlaceItem extends QuickPickItem {
  readonly folder?: S3Location;
}

/**
 * Asks where a manifest is written: where the last one went, beside its objects, or anywhere. A bucket
 * whose objects were chosen whole comes after any other: the next selection would have the manifest in it.
 *
 * @returns the bucket and the key of an object that isn't there yet
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function chooseManifestPlace(
  position: PromptPosition,
  session: Session,
  memory: Memento,
  bucket: string,
): Promise<ObjectLocation> {
  const places = memory.get<Readonly<Record<string, S3Location>>>(KEY, {});
  const last = places[session.key];
  const usual = { bucket, key: FOLDER };
  const name = manifestName(bucket, new Date());
  const items = [
    ...(last ? [placeItem(last, l10n.t('same as last time'))] : []),
    ...(last && formatS3Uri(last) === formatS3Uri(usual) ? [] : [placeItem(usual, '')]),
    { label: l10n.t('Another Location…'), iconPath: new ThemeIcon('edit') },
  ];
  for (;;) {
    const { folder } = await pick<PlaceItem>({
      ...position,
      placeholder: l10n.t('Select the destination of the manifest'),
      items,
    });
    if (folder) return { bucket: folder.bucket, key: `${folder.key ?? ''}${name}` };
    try {
      const inside = { ...position, canGoBack: true };
      const chosen = await askPlace(
        inside,
        formatS3Uri({ ...(last ?? usual), key: `${(last ?? usual).key ?? ''}${name}` }),
      );
      const slash = chosen.key.lastIndexOf('/') + 1;
      const kept = { bucket: chosen.bucket, key: chosen.key.slice(0, slash) };
      await memory.update(KEY, { ...places, [session.key]: kept });
      return chosen;
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function placeItem(folder: S3Location, description: string): PlaceItem {
  return {
    label: formatS3Uri(folder),
    description,
    iconPath: new ThemeIcon('folder-opened'),
    folder,
  };
}

async function askPlace(position: PromptPosition, value: string): Promise<ObjectLocation> {
  const text = await askText({
    ...position,
    keepOpen: true,
    prompt: l10n.t('The S3 URI of the manifest, in the Region of its objects'),
    value,
    validate: typed =>
      placeOf(typed) === undefined
        ? l10n.t('For example: {0}', 's3://my-bucket/manifests/photos.csv')
        : undefined,
  });
  return placeOf(text) ?? { bucket: '', key: '' };
}

function placeOf(text: string): ObjectLocation | undefined {
  const { bucket, key } = parseS3Uri(text.trim()) ?? {};
  const named = bucket !== undefined && key !== undefined && /\.csv$/i.test(key);
  return named ? { bucket, key } : undefined;
}

/** `images-20261129-224501.csv`: no two of one second are there. */
function manifestName(bucket: string, now: Date): string {
  const time = now
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .replace('T', '-');
  return `${bucket}-${time}.csv`;
}
