import { l10n } from 'vscode';
import { estimateDirect } from '../../aws/cost/estimateDirect.ts';
import { estimateTagger } from '../../aws/cost/estimateTagger.ts';
import { PRICES_AS_OF, type Prices } from '../../aws/cost/prices.ts';
import type { TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { Block } from '../../vscode/page/protocol.ts';
import { linesTable, timeText } from '../cost/costText.ts';
import { dollars, formatMonth, formatObjects } from '../../vscode/formats.ts';

/** Of how many objects the cost is said while nobody knows how many there are. */
const UNIT = 1_000_000;

/** What a change of tags costs by direct requests and by a batch job, and how long each takes. */
export function costBlocks({ complete, looked }: TagPreview, prices: Prices): Block[] {
  const objects = complete ? looked : UNIT;
  const direct = estimateDirect(objects, prices);
  const job = estimateTagger(objects, prices);
  const byJob = l10n.t('Batch job with the tagger function');
  const directly = l10n.t('Direct requests');
  return [
    { kind: 'heading', text: l10n.t('Cost and Time for {0}', formatObjects(objects)) },
    {
      kind: 'table',
      label: l10n.t('Cost and time by method'),
      columns: [
        { title: l10n.t('Method') },
        { title: l10n.t('US$'), isNumber: true },
        { title: l10n.t({ message: 'Time', comment: ['A duration'] }) },
      ],
      rows: [
        [directly, dollars(direct.dollars), timeText(direct.time)],
        [byJob, dollars(job.dollars), timeText(job.time)],
      ],
    },
    {
      kind: 'details',
      summary: l10n.t('Calculation'),
      blocks: [
        { kind: 'text', text: directly },
        linesTable(direct, l10n.t('Cost of direct requests')),
        { kind: 'text', text: byJob },
        linesTable(job, l10n.t('Cost of the job')),
      ],
    },
    { kind: 'text', text: noteText(), tone: 'muted' },
  ];
}

function noteText(): string {
  return l10n.t(
    'List prices of US East (N. Virginia), {0}; enter your own in the setting {1}. Objects that need no change cost one read each. Direct requests need this window; a job runs on AWS, for any number of objects.',
    formatMonth(PRICES_AS_OF),
    'bucketBrigade.cost.prices',
  );
}
