import * as vscode from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { addressProblem, pastedAddress } from '../../vscode/describeAddress.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText } from '../../vscode/prompts.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { locationOfResource, S3_SCHEME } from '../fileSystem/s3Resource.ts';
import { findRow } from '../tree/findRow.ts';
import { isLocation, type LocationRow, type Row } from '../tree/rows.ts';
import { placesOf, type PlaceInFront } from './typedPlace.ts';

/** Shows a location in the tree, however far down its listing it is; asks which without one. */
export async function reveal(
  explorer: Explorer,
  view: vscode.TreeView<Row>,
  target: S3Location | undefined,
): Promise<void> {
  const front = target ? undefined : inFront(view.selection[0]);
  const session = await sessionFor(explorer, target ?? front);
  const places = target ? [target] : await askPlaces(session, front);
  const row = await findFirst(explorer, session, places);
  // Its tags are shown below it: they are read while VS Code finds its place.
  if (row.kind === 'object') void explorer.tree.getChildren(row);
  await view.reveal(row, { select: true, focus: true, expand: row.kind === 'object' });
}

/** Where the user is: in the tree, or else in an editor with an object. */
function inFront(row: Row | undefined): (PlaceInFront & S3Location) | undefined {
  if (row && isLocation(row)) return row.kind === 'object' ? folderOf(row) : row;
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== S3_SCHEME) return undefined;
  return folderOf(locationOfResource(uri));
}

function folderOf({ bucket, key = '', session }: S3Location): PlaceInFront & S3Location {
  const own = session === undefined ? {} : { session };
  return { bucket, key: key.slice(0, key.lastIndexOf('/') + 1), ...own };
}

async function askPlaces(
  { clients }: Session,
  front: PlaceInFront | undefined,
): Promise<readonly S3Location[]> {
  const { endpoint } = clients;
  const text = await askText({
    title: vscode.l10n.t('Go to Object'),
    prompt: front
      ? vscode.l10n.t(
          'A key in {0}, or the S3 URI, ARN, URL or console address of anything',
          front.bucket,
        )
      : vscode.l10n.t('The S3 URI, ARN, URL or console address of an object, prefix or bucket'),
    placeholder: front ? vscode.l10n.t('Key, or s3://bucket/key') : 's3://bucket/key',
    validate: typed => problemOf(typed, endpoint, front),
  });
  return placesOf(text, pastedAddress(text, endpoint), front);
}

function problemOf(
  typed: string,
  endpoint: string | undefined,
  front: PlaceInFront | undefined,
): string | undefined {
  const refused = addressProblem(typed, endpoint);
  if (refused !== undefined) return refused;
  if (placesOf(typed, pastedAddress(typed, endpoint), front).length > 0) return undefined;
  return vscode.l10n.t('Not an S3 URI: s3://bucket/key');
}

/** What was typed may be meant in several ways: the first that is there counts. */
async function findFirst(
  explorer: Explorer,
  session: Session,
  places: readonly S3Location[],
): Promise<LocationRow> {
  const [first = { bucket: '' }] = places;
  const title = vscode.l10n.t('Looking for {0}', formatS3Uri(first));
  return await withCancellableProgress({ title }, async signal => {
    let failure: unknown;
    for (const place of places) {
      try {
        return await findRow(explorer, session, place, signal);
      } catch (error) {
        if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
        failure ??= error;
      }
    }
    throw failure;
  });
}
