import { destinationLink, eventRulesLink } from '../../aws/links/destinationLink.ts';
import type { Step } from '../../aws/objectStory/story.ts';

/**
 * The page of AWS's console about where a step says that the event went, which isn't followed here.
 *
 * @param region of the bucket; undefined where no console shows it: at an endpoint that isn't AWS's
 */
export function stepLink({ reason }: Step, region: string | undefined): string | undefined {
  if (region === undefined) return undefined;
  switch (reason?.kind) {
    case 'otherDestination':
      return destinationLink(reason.arn, region);
    case 'noNotifications':
    case 'noneMatches':
      return reason.eventBridge ? eventRulesLink(region) : undefined;
    case 'attemptFailed':
      return reason.onFailure === undefined ? undefined : destinationLink(reason.onFailure, region);
    default:
      return undefined;
  }
}
