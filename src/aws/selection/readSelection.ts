import type { AwsClients } from '../clients.ts';
import { readChosen } from './readChosen.ts';
import { readListing } from './readListing.ts';
import { readManifestRefs } from './readManifestRefs.ts';
import { readKeyFile } from './readKeyFile.ts';
import type { ReadSelectionOptions, SelectionReading } from './reading.ts';
import type { ObjectSelection } from './selection.ts';

/**
 * Reads the objects of a selection in batches, each once, however many they are: memory stays flat.
 * Batches of a listing come in no particular order.
 *
 * @throws BrigadeError while it is read: `AccessDenied` (s3:ListBucket, s3:GetObjectTagging …),
 *   `NotFound`, `InvalidInput` for a filter with a problem or a manifest that is none, `Cancelled` …
 */
export function readSelection(
  clients: AwsClients,
  selection: ObjectSelection,
  options: ReadSelectionOptions = {},
): SelectionReading {
  switch (selection.kind) {
    case 'objects':
      return readChosen(selection.objects, options);
    case 'listing':
      return readListing(clients, selection, options);
    case 'manifest':
      return readManifestRefs(clients, selection, options);
    case 'file':
      return readKeyFile(selection, options);
  }
}
