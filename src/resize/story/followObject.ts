import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { pick } from '../../vscode/prompts.ts';
import { ownerOf } from '../../vscode/sessionOwner.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
import type { Session } from '../../services.ts';
import type { Resize } from '../resize.ts';
import { openStory } from './storyPage.ts';

/** Objects that are followed at once; of more, one is asked for. */
const MAX_PAGES = 5;

/** Shows what happens to an object since its upload; of several, a page each. */
export async function followObject(
  resize: Resize,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await resize.connections.session();
  const title = titleWithOwner(session, l10n.t('Follow Object'));
  const given = selection?.length ? selection : target === undefined ? [] : [target];
  const objects = given.flatMap(({ bucket, key }) => (key === undefined ? [] : [{ bucket, key }]));
  const chosen = objects.length === 0 ? [await askObject(session, title, target)] : objects;
  const different = [...new Map(chosen.map(each => [formatS3Uri(each), each])).values()];
  const followed = different.length > MAX_PAGES ? [await askOne(title, different)] : different;
  for (const object of followed) openStory(resize, ownerOf(session), object);
}

async function askObject(
  session: Session,
  title: string,
  target: S3Location | undefined,
): Promise<ObjectLocation> {
  const from = target && { from: { bucket: target.bucket } };
  const { bucket, key } = await pickS3Location(session.clients, { title, kind: 'object', ...from });
  if (key === undefined) throw new BrigadeError('InvalidInput', 'An object was chosen without key');
  return { bucket, key };
}

async function askOne(title: string, objects: readonly ObjectLocation[]): Promise<ObjectLocation> {
  const items = objects.map(object => ({
    label: visibleLabel(object.key),
    description: object.bucket,
    object,
  }));
  const placeholder = l10n.t('Select one of the {0} selected objects', objects.length);
  return (await pick({ title, placeholder, items })).object;
}
