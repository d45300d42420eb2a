import { describe, expect, it } from 'vitest';
import { neutralizeLinks } from '../../src/vscode/neutralizeLinks.ts';

/** VS Code's own pattern (src/vs/base/common/linkedText.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('a text for a message', () => {
  it.each([
    '[Open](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22x%22%7D)',
    's3://photos/a[b](COMMAND:x "y").png was not found.',
    '[a](https://example.com)[b](file:///etc/passwd)',
    '[a\n](command:x)',
  ])('holds no link: %j', text => {
    expect(text.match(LINK)).not.toBeNull();
    expect(neutralizeLinks(text).match(LINK)).toBeNull();
    expect(neutralizeLinks(text).replaceAll('\u2060', '')).toBe(text);
  });

  it.each(['s3://photos/a[1](2).png', '[x] (command:y)', 'command:z', ''])(
    'stays as it is: %j',
    text => {
      expect(neutralizeLinks(text)).toBe(text);
    },
  );
});
