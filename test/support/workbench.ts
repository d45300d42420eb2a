import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import { buildWhenStale } from './build.ts';
import { CHROMIUM_FLAGS } from './chromium.ts';
import { newTemporaryFolder, OUT, ROOT } from './paths.ts';
import { quietSettings, type Theme } from './settings.ts';
import { findVsCode } from './vsCode.ts';
import { startWebServer, type WebServer } from './webServer.ts';

const SCREENSHOTS = join(OUT, 'screenshots');

export interface WorkbenchOptions {
  readonly theme?: Theme;
  /** The extension to run; this checkout when absent. */
  readonly extensionPath?: string;
  readonly settings?: Record<string, unknown>;
  /** For the extension host. `BUCKET_BRIGADE_SANDBOX_DATA` names the sandbox's folder. */
  readonly env?: NodeJS.ProcessEnv;
  readonly size?: { readonly width: number; readonly height: number };
}

/** A VS Code that a test sees and handles as a person does. */
export interface Workbench {
  readonly page: Page;
  /** The opened folder: files put here can be uploaded and dragged. */
  readonly workspaceFolder: string;
  /** The sandbox's folder, which is this workbench's alone. */
  readonly sandboxFolder: string;
  openContainer(): Promise<void>;
  /** Changes the theme of the open workbench, as its settings do. */
  setTheme(theme: Theme): Promise<void>;
  /** Opens the container and starts the sandbox in it, with the lab's buckets. */
  startSandbox(): Promise<void>;
  /** A row of a tree, found by a part of its text. */
  row(text: string): Locator;
  expand(text: string): Promise<void>;
  /** Right-clicks a row and chooses an item. */
  contextMenu(rowText: string, item: string): Promise<void>;
  /** Clicks an action that a row shows when it is hovered. */
  inlineAction(rowText: string, action: string): Promise<void>;
  /** Runs a command from the palette by its full title, `Category: Title`. */
  runCommand(title: string): Promise<void>;
  /** Types into the quick pick or input box that is open, replacing what is there. */
  type(text: string): Promise<void>;
  /** Chooses the entry of the open quick pick that has this text. */
  pick(text: string): Promise<void>;
  accept(): Promise<void>;
  /** Waits until something is asked, or offered, that has this text. */
  asked(text: string): Promise<void>;
  /** Chooses an entry once it is offered. */
  choose(text: string): Promise<void>;
  /** Types an answer where it is asked for; without one, what stands there is accepted. */
  answer(question: string, text?: string): Promise<void>;
  quickInput(): Locator;
  /** Clicks a button of the modal dialog. */
  dialogButton(text: string): Promise<void>;
  dialog(): Locator;
  notification(text: string): Locator;
  /** Shows the messages, which an extension under test does not show by itself, and finds one. */
  message(text: string): Promise<Locator>;
  /** The document that is shown as a preview: in frames of its own. */
  preview(): FrameLocator;
  statusBar(text: string): Locator;
  /**
   * Keeps a picture as `out/screenshots/NAME.png`. With `BUCKET_BRIGADE_PICTURES` set, one that the
   * README shows is renewed in docs/images too.
   */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a clean web workbench with the extension in it; nothing is shared with another run. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  process.env['BUCKET_BRIGADE_VSCODE'] ??= 'web';
  const vsCode = await findVsCode();
  if (vsCode.kind !== 'web') {
    throw new Error('UI tests need the web workbench: set BUCKET_BRIGADE_VSCODE=web.');
  }
  await buildWhenStale();
  const folder = newTemporaryFolder('ui');
  const workspaceFolder = join(folder, 'workspace');
  const sandboxFolder = join(folder, 'sandbox');
  mkdirSync(workspaceFolder);
  mkdirSync(SCREENSHOTS, { recursive: true });
  const server = await startWebServer(vsCode, {
    folder,
    settings: { ...quietSettings(options.theme), ...options.settings },
    env: { BUCKET_BRIGADE_SANDBOX_DATA: sandboxFolder, ...options.env },
  });
  const browser = await chromium.launch({ executablePath: vsCode.chromium, args: CHROMIUM_FLAGS });
  const { size = { width: 1280, height: 800 } } = options;
  const context = await browser.newContext({
    viewport: size,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const { extensionPath = ROOT } = options;
  await page.goto(server.address({ workspaceFolder, extensionPath }));
  await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
  const close = () => closeAll(browser, server, folder);
  const setTheme = async (theme: Theme): Promise<void> => {
    server.setSettings({ ...quietSettings(theme), ...options.settings });
    await page.locator(`.monaco-workbench${THEME_CLASSES[theme]}`).waitFor();
  };
  return { ...handles(page), page, workspaceFolder, sandboxFolder, setTheme, close };
}

async function closeAll(browser: Browser, server: WebServer, folder: string): Promise<void> {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** By which the workbench says what kind of theme it has. */
const THEME_CLASSES: Readonly<Record<Theme, string>> = {
  dark: '.vs-dark',
  light: '.vs',
  hcDark: '.hc-black',
  hcLight: '.hc-light',
};

type Handles = Omit<Workbench, 'page' | 'workspaceFolder' | 'sandboxFolder' | 'setTheme' | 'close'>;

function handles(page: Page): Handles {
  return { ...treeHandles(page), ...quickInputHandles(page), ...messageHandles(page) };
}

type TreeHandle =
  'openContainer' | 'startSandbox' | 'row' | 'expand' | 'contextMenu' | 'inlineAction';

function treeHandles(page: Page): Pick<Handles, TreeHandle> {
  const row = (text: string): Locator =>
    page.locator('.pane-body .monaco-list-row').filter({ hasText: text }).first();
  const openContainer = async (): Promise<void> => {
    await page.locator('.activitybar a[aria-label="Bucket Brigade"]').click();
  };
  return {
    row,
    openContainer,
    startSandbox: async () => {
      await openContainer();
      await page.getByText('Start Local Sandbox').first().click();
      await row('images-').waitFor();
    },
    expand: async text => {
      const found = row(text);
      await found.waitFor();
      if ((await found.getAttribute('aria-expanded')) === 'false') {
        await found.locator('.monaco-tl-twistie').click();
      }
      await page.locator('.pane-body .codicon-tree-item-loading').waitFor({ state: 'detached' });
    },
    contextMenu: (rowText, item) =>
      again(page, async () => {
        await row(rowText).click({ button: 'right' });
        const entry = page
          .locator('.monaco-menu .action-item', { has: page.getByText(item, { exact: true }) })
          .first();
        await entry.waitFor({ timeout: PATIENCE_MS });
        // A menu takes no click in the moment it opens: that may be the end of the right click.
        await page.waitForTimeout(300);
        await entry.click({ timeout: PATIENCE_MS });
      }),
    inlineAction: async (rowText, action) => {
      await row(rowText).hover();
      await row(rowText).locator(`.actions a[aria-label^="${action}"]`).click();
    },
  };
}

const PATIENCE_MS = 5000;

/**
 * A webview that finishes loading takes the focus: a menu that was just opened closes, and the next
 * key goes to the webview. Does as a person would: takes the focus back and tries once more.
 */
async function again(page: Page, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch {
    await page.keyboard.press('Escape');
    await page.evaluate('document.activeElement?.blur()');
    await action();
  }
}

type QuickInputHandle =
  'runCommand' | 'type' | 'pick' | 'accept' | 'asked' | 'choose' | 'answer' | 'quickInput';

function quickInputHandles(page: Page): Pick<Handles, QuickInputHandle> {
  const quickInput = (): Locator => page.locator('.quick-input-widget');
  const input = (): Locator => quickInput().locator('input[type="text"], input:not([type])').last();
  const pick = async (text: string): Promise<void> => {
    const entry = quickInput().locator('.monaco-list-row').filter({ hasText: text }).first();
    await entry.click();
  };
  const type = async (text: string): Promise<void> => {
    await quickInput().waitFor();
    await input().fill(text);
  };
  const accept = (): Promise<void> => page.keyboard.press('Enter');
  const asked = async (text: string): Promise<void> => {
    await quickInput().getByText(text).or(quickInput().getByPlaceholder(text)).first().waitFor();
  };
  return {
    quickInput,
    pick,
    type,
    accept,
    asked,
    choose: async text => {
      await asked(text);
      await pick(text);
    },
    answer: async (question, text) => {
      await asked(question);
      if (text !== undefined) await type(text);
      await accept();
    },
    runCommand: async title => {
      await again(page, async () => {
        await page.keyboard.press('F1');
        await quickInput().waitFor({ timeout: PATIENCE_MS });
      });
      await input().fill(`>${title}`);
      await quickInput()
        .locator('.monaco-list-row')
        // The whole of the name: what was typed is an element of its own within a longer one.
        .filter({ has: page.locator('.label-name', { hasText: wholly(title) }) })
        .first()
        .click();
    },
  };
}

function wholly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

type MessageHandle =
  'dialog' | 'dialogButton' | 'notification' | 'message' | 'preview' | 'statusBar' | 'screenshot';

function messageHandles(page: Page): Pick<Handles, MessageHandle> {
  const dialog = (): Locator => page.locator('.monaco-dialog-box');
  const notification = (text: string): Locator =>
    page.locator('.notification-list-item').filter({ hasText: text }).first();
  return {
    dialog,
    dialogButton: async text => {
      await dialog().locator('.monaco-button').filter({ hasText: text }).click();
    },
    notification,
    message: async text => {
      const center = page.locator('.notifications-center.visible');
      await again(page, async () => {
        // A workbench that is still starting may close it once more.
        if (!(await center.isVisible())) {
          await page.locator('.statusbar-item[id="status.notifications"]').click();
        }
        // The pointer would keep its own hint open over the messages.
        await page.mouse.move(640, 300);
        await notification(text).waitFor({ timeout: 15_000 });
      });
      return notification(text);
    },
    preview: () => page.frameLocator('iframe.webview.ready').frameLocator('#active-frame'),
    statusBar: text => page.locator('.statusbar-item').filter({ hasText: text }).first(),
    screenshot: async name => {
      const path = join(SCREENSHOTS, `${name}.png`);
      await page.screenshot({ path });
      const picture = join(ROOT, 'docs', 'images', `${name}.png`);
      if (process.env['BUCKET_BRIGADE_PICTURES'] && existsSync(picture))
        copyFileSync(path, picture);
    },
  };
}
