import { l10n } from 'vscode';
import { lastSegment } from '../../aws/keySegments.ts';
import type { S3Location } from '../../commands.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatDate } from '../../vscode/formats.ts';
import type { Block, PageAction, PageModel } from '../../vscode/page/protocol.ts';
import { visible } from '../../vscode/visibleText.ts';

/** Properties as they were read. */
export interface ReadProperties {
  readonly place: S3Location;
  /** Whose it is, for people. */
  readonly owner: string;
  readonly readAt: Date;
  readonly blocks: readonly Block[];
}

/** The page of an object's or bucket's properties. */
export function propertiesModel({ place, owner, readAt, blocks }: ReadProperties): PageModel {
  const actions = place.key === undefined ? bucketActions() : objectActions();
  return {
    title: titleOf(place),
    subtitle: l10n.t('{0} · as of {1}', owner, formatDate(readAt)),
    blocks: [{ kind: 'actions', actions }, ...blocks],
  };
}

/** What is said where nothing could be read. */
export function unreadModel(owner: string, place: S3Location, error: unknown): PageModel {
  return {
    title: titleOf(place),
    subtitle: l10n.t('{0} · not read', owner),
    blocks: [
      { kind: 'text', text: describeError(error), tone: 'error' },
      { kind: 'actions', actions: [{ id: 'refresh', label: l10n.t('Refresh') }] },
    ],
  };
}

/** What a page about it is called. */
export function titleOf({ bucket, key }: S3Location): string {
  return visible(key === undefined ? bucket : lastSegment(key));
}

function objectActions(): PageAction[] {
  return [
    { id: 'editMetadata', label: l10n.t('Edit Metadata…') },
    { id: 'editTags', label: l10n.t('Edit Tags…') },
    { id: 'changeClass', label: l10n.t('Change Storage Class…') },
    ...copyActions(),
    { id: 'refresh', label: l10n.t('Refresh') },
  ];
}

function bucketActions(): PageAction[] {
  return [...copyActions(), { id: 'refresh', label: l10n.t('Refresh') }];
}

function copyActions(): PageAction[] {
  return [
    { id: 'copyUri', label: l10n.t('Copy S3 URI') },
    { id: 'copyArn', label: l10n.t('Copy ARN') },
    { id: 'copyUrl', label: l10n.t('Copy URL') },
  ];
}
