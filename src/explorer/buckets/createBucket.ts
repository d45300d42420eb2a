import { l10n, window } from 'vscode';
import { namespaceRegion } from '../../aws/buckets/bucketName.ts';
import { isRegion, REGIONS } from '../../aws/connection/regions.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { accountText } from '../../vscode/accountText.ts';
import { describeError } from '../../vscode/describeError.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText, pick, runSteps, type PromptPosition } from '../../vscode/prompts.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { bucketNameText } from './bucketNameText.ts';

type Position = Omit<PromptPosition, 'title'>;

/** Asks for a name, a Region and whether versions are kept, makes the bucket and shows it. */
export async function createBucket(explorer: Explorer): Promise<void> {
  const session = await sessionFor(explorer, undefined);
  const answers = { bucket: '', region: session.clients.region, versioning: false };
  await runSteps([
    async position => {
      answers.bucket = await askName(session, answers.bucket, position);
      return undefined;
    },
    async position => {
      const fixed = fixedRegion(session, answers.bucket);
      answers.region = fixed ?? (await askRegion(session, answers.region, position));
      return fixed === undefined ? undefined : 'skipped';
    },
    async position => {
      answers.versioning = await askVersioning(session, answers, position);
      return undefined;
    },
  ]);
  await make(explorer, session, answers);
}

async function askName(session: Session, value: string, position: Position): Promise<string> {
  const { accountId } = session.identity;
  return await askText({
    ...position,
    title: titleOf(session),
    prompt: isAws(session)
      ? l10n.t('Bucket name. It must be unique across all AWS accounts.')
      : l10n.t('Bucket name'),
    placeholder: 'my-bucket',
    value,
    validate: name => bucketNameText(name, accountId),
  });
}

function titleOf(session: Session): string {
  return l10n.t('Create Bucket in {0}', accountText(session.identity));
}

function isAws({ connection }: Session): boolean {
  return connection.endpoint === undefined;
}

/** Some names have a Region in them, and at an endpoint of one's own all is in one. */
function fixedRegion(session: Session, bucket: string): string | undefined {
  const { connection, identity, clients } = session;
  if (connection.endpoint !== undefined) return clients.region;
  return namespaceRegion(bucket, identity.accountId);
}

/** The connection's Region first; those of its partition, or any that is typed. */
async function askRegion(session: Session, current: string, position: Position): Promise<string> {
  const { clients } = session;
  const own = clients.region;
  const known = Object.keys(REGIONS).filter(id => partitionOf(id) === partitionOf(own));
  const ids = [own, ...known.filter(id => id !== own)];
  const chosen = await pick({
    ...position,
    title: titleOf(session),
    placeholder: l10n.t('AWS Region of the bucket. It can’t be changed later.'),
    items: ids.map(id => ({ label: id, description: REGIONS[id] ?? '' })),
    active: item => item.label === current,
    itemFor: typed =>
      isRegion(typed) && !(typed in REGIONS)
        ? { label: typed, description: l10n.t('as typed') }
        : undefined,
  });
  return chosen.label;
}

function partitionOf(region: string): string {
  return /^(cn|us-gov|us-iso[a-z]?|eusc)-/.exec(region)?.[1] ?? 'aws';
}

async function askVersioning(
  session: Session,
  { bucket, region }: { readonly bucket: string; readonly region: string },
  position: Position,
): Promise<boolean> {
  const defaults = isAws(session)
    ? l10n.t('As in every new bucket, all public access is blocked and objects are encrypted.')
    : '';
  const chosen = await pick({
    ...position,
    title: titleOf(session),
    placeholder: l10n.t('Turn on versioning for {0} in {1}? {2}', bucket, region, defaults),
    items: [
      {
        label: l10n.t('Create Without Versioning'),
        detail: l10n.t('Overwritten and deleted objects can’t be recovered.'),
        versioning: false,
      },
      {
        label: l10n.t('Create With Versioning'),
        detail: l10n.t(
          'Overwritten and deleted objects can be restored. You pay for every version.',
        ),
        versioning: true,
      },
    ],
  });
  return chosen.versioning;
}

async function make(
  explorer: Explorer,
  session: Session,
  answers: { readonly bucket: string; readonly region: string; readonly versioning: boolean },
): Promise<void> {
  const { bucket, region, versioning } = answers;
  const { makeBucket } = await import('../../aws/buckets/newBucket.ts');
  const title = l10n.t('Creating {0}', formatS3Uri({ bucket }));
  const isRegional = namespaceRegion(bucket, session.identity.accountId) !== undefined;
  const made = await withCancellableProgress({ title }, signal =>
    makeBucket(session.clients, { ...answers, isRegional }, { signal }),
  );
  explorer.tree.refresh();
  const { versioningFailed } = made;
  if (versioningFailed) {
    const text = l10n.t('{0} was created in {1}, but without versioning.', bucket, region);
    void window.showErrorMessage(neutralizeLinks(`${text} ${describeError(versioningFailed)}`));
  } else {
    void window.showInformationMessage(createdText(session, { bucket, region, versioning }));
  }
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', { bucket });
}

function createdText(
  session: Session,
  { bucket, region, versioning }: { bucket: string; region: string; versioning: boolean },
): string {
  const text = versioning
    ? l10n.t('Created {0} in {1}, with versioning.', bucket, region)
    : l10n.t('Created {0} in {1}.', bucket, region);
  return isAws(session)
    ? `${text} ${l10n.t('Block Public Access is on, and S3 encrypts its objects.')}`
    : text;
}
