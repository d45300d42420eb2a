import { visibleSentence } from './visibleText.ts';

/** How VS Code finds the links in a notification, a progress title or a prompt. */
const LINK_START = /\](?=\((?:https?:|command:|file:))/gi;
/** Keeps two characters apart, and is not seen. */
const WORD_JOINER = '\u2060';

/**
 * A text for a notification, a progress title or a prompt, in which nothing is a link. VS Code makes
 * one of `[text](command:…)` wherever it stands, and a click on it runs any command with any
 * arguments; keys, descriptions of jobs and messages of services are other people's texts. What
 * can't be seen in them is shown too.
 */
export function neutralizeLinks(text: string): string {
  return visibleSentence(text).replace(LINK_START, `]${WORD_JOINER}`);
}
