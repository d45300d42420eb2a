import { l10n, window } from 'vscode';
import type { DeployTaggerArguments } from '../../commands.ts';
import type { Services } from '../../services.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { askText } from '../../vscode/prompts.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { parseReportPlace } from '../create/draft.ts';
import { ensureTagger, type ReadyTagger, type TaggerServices } from './ensureTagger.ts';

/**
 * Deploys the tagger for one bucket more: whoever may do that need not be who runs the jobs.
 *
 * @throws BrigadeError as ensureTagger
 */
export async function deployTagger(
  services: TaggerServices & Pick<Services, 'connections'>,
  given: DeployTaggerArguments = {},
): Promise<ReadyTagger> {
  const session = await services.connections.session();
  const title = titleWithOwner(session, l10n.t('Deploy Tagger'));
  const isSilent = given.skipConfirmation === true;
  const bucket =
    given.bucket ?? (await pickS3Location(session.clients, { title, kind: 'bucket' })).bucket;
  const report = given.report ?? (await askReport(title, bucket));
  const needs = { buckets: [bucket], report };
  const ready = await ensureTagger(services, session, needs, { title, isSilent });
  if (!isSilent) showDeployed(ready, bucket);
  return ready;
}

async function askReport(title: string, bucket: string) {
  const uri = await askText({
    title,
    prompt: l10n.t('Location of the reports and the previous tags'),
    value: `s3://${bucket}/tag-reports`,
    validate: text =>
      parseReportPlace(text) ? undefined : l10n.t('For example: s3://my-bucket/reports'),
  });
  return parseReportPlace(uri) ?? { bucket };
}

function showDeployed({ region, changed }: ReadyTagger, bucket: string): void {
  const text = changed
    ? l10n.t('The tagger in {0} can now change tags in {1}.', region, bucket)
    : l10n.t(
        'No changes needed: the tagger in {0} can already change tags in {1}.',
        region,
        bucket,
      );
  void window.showInformationMessage(neutralizeLinks(text));
}
