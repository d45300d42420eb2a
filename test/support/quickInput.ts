import { basename } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** How long one try may take, in milliseconds. */
export const PATIENCE_MS = 8000;
const MAX_TRIES = 4;

/** Until a dialog that took Enter is gone. */
const DIALOG_MS = 3000;

/** In the page: what stands in the quick input. */
const INPUT_VALUE =
  '[...document.querySelectorAll(".quick-input-widget input")].map(each => each.value).join()';

/**
 * A webview that finishes loading takes the focus: a menu that was just opened closes, and the next
 * key goes to the webview. Does as a person would: takes the focus back and tries again.
 */
export async function again(page: Page, action: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries < MAX_TRIES; tries++) {
    try {
      await action();
      return;
    } catch {
      await page.keyboard.press('Escape');
      await page.evaluate('document.activeElement?.blur()');
    }
  }
  await action();
}

type QuickInputHandle =
  | 'runCommand'
  | 'dismiss'
  | 'chooseFile'
  | 'saveAs'
  | 'type'
  | 'pick'
  | 'accept'
  | 'asked'
  | 'choose'
  | 'answer'
  | 'quickInput';

/** What a test does with the quick pick or input box that is open. */
export function quickInputHandles(page: Page): Pick<Workbench, QuickInputHandle> {
  const quickInput = (): Locator => page.locator('.quick-input-widget');
  const input = (): Locator => quickInput().locator('input[type="text"], input:not([type])').last();
  const pick = async (text: string): Promise<void> => {
    // Rows are used again and keep, unseen, the separator of a list that was there before.
    const said = page.locator('.quick-input-list-rows', { hasText: text });
    const entry = quickInput().locator('.monaco-list-row').filter({ has: said }).first();
    await entry.waitFor();
    await untilTaken(page, timeout => entry.click({ timeout }));
  };
  const type = async (text: string): Promise<void> => {
    await quickInput().waitFor();
    await input().fill(text);
  };
  const accept = async (): Promise<void> => {
    await listed(page);
    // With the focus, which a page that finishes loading takes.
    await untilTaken(page, timeout => input().press('Enter', { timeout }));
  };
  const asked = async (text: string): Promise<void> => {
    await quickInput().getByText(text).or(quickInput().getByPlaceholder(text)).first().waitFor();
  };
  /** VS Code's dialog ignores Enter while it still reads the folder that was typed. */
  const acceptDialog = async (): Promise<void> => {
    const button = quickInput().locator('.quick-input-action').filter({ visible: true });
    for (let tries = 0; tries < 10 && (await button.count()) > 0; tries++) {
      await input().press('Enter');
      await button.waitFor({ state: 'hidden', timeout: DIALOG_MS }).catch(() => undefined);
    }
  };
  return {
    quickInput,
    chooseFile: async path => {
      const row = (text: string) => quickInput().locator('.monaco-list-row', { hasText: text });
      // It begins with a path of its own, which would come before what is typed too early.
      await row('..').first().waitFor();
      await input().fill(path);
      await row(basename(path)).first().waitFor();
      await acceptDialog();
    },
    saveAs: async (suggested, path) => {
      // It writes its own suggestion once it has looked at the folder.
      await page.waitForFunction(`${INPUT_VALUE}.includes(${JSON.stringify(suggested)})`);
      await input().fill(path);
      await acceptDialog();
    },
    dismiss: () =>
      again(page, async () => {
        await input().focus({ timeout: PATIENCE_MS });
        await page.keyboard.press('Escape');
        await quickInput().waitFor({ state: 'hidden', timeout: PATIENCE_MS });
      }),
    pick,
    type,
    accept,
    asked,
    choose: async text => {
      await asked(text);
      await pick(text);
    },
    answer: async (question, text) => {
      // The list that was there before may have a row of the same name.
      const prompt = quickInput().locator(PROMPT).filter({ hasText: question });
      await prompt.or(quickInput().getByPlaceholder(question)).first().waitFor();
      if (text !== undefined) await type(text);
      await accept();
    },
    runCommand: async title => {
      const palette = quickInput().getByPlaceholder('Type the name of a command');
      await again(page, async () => {
        await page.keyboard.press('F1');
        // A question that is still open would take what is typed.
        await palette.waitFor({ timeout: PATIENCE_MS });
        await input().fill(`>${title}`);
        await quickInput()
          .locator('.monaco-list-row')
          // The whole of the name: what was typed is an element of its own within a longer one.
          .filter({ has: page.locator('.label-name', { hasText: wholly(title) }) })
          .first()
          .click({ timeout: PATIENCE_MS });
      });
      // Whoever picks at once would click on a command.
      await palette.waitFor({ state: 'hidden' });
    },
  };
}

const TAKEN_MS = 4000;
const QUESTION =
  '(w => !w || w.style.display === "none" ? "" : w.innerText)(document.querySelector(".quick-input-widget"))';

/**
 * Answers, and waits until another question or none is shown: the one that was answered stays for a moment, and
 * a test on a busy machine would answer it once more. An answer that is lost, as a click is on a row that is drawn
 * again just then, is given again. A question that refuses its answer stays as it is.
 */
async function untilTaken(page: Page, answer: (timeout: number) => Promise<void>): Promise<void> {
  const asked = await page.evaluate<string>(QUESTION);
  const isOther = `${QUESTION} !== ${JSON.stringify(asked)}`;
  await answer(60_000);
  for (let tries = 0; tries < 2; tries++) {
    const waiting = page.waitForFunction(isOther, undefined, { timeout: TAKEN_MS });
    const isTaken = await waiting.then(
      () => true,
      () => false,
    );
    if (isTaken || (await page.evaluate<boolean>(isOther))) return;
    await answer(1000).catch(() => undefined);
  }
}

/** Enter does nothing before a list that is read late has a row. An input box has no list. */
async function listed(page: Page): Promise<void> {
  const hasRow = `(list => !list?.offsetParent || list.querySelector('.monaco-list-row') !== null)(
    document.querySelector('.quick-input-widget .quick-input-list'))`;
  await page.waitForFunction(hasRow);
}

/** What a quick input says above its list. */
const PROMPT = '.quick-input-title, .quick-input-message, .quick-input-description';

function wholly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
