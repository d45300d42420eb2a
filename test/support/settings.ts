export type Theme = 'dark' | 'light' | 'hcDark' | 'hcLight';

const THEMES: Record<Theme, string> = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  hcDark: 'Default High Contrast',
  hcLight: 'Default High Contrast Light',
};

/**
 * User settings for a workbench that asks, suggests, updates and reports nothing by itself; without a
 * theme it follows the browser's color scheme.
 */
export function quietSettings(theme?: Theme): Record<string, unknown> {
  return {
    'workbench.colorTheme': THEMES[theme ?? 'dark'],
    'workbench.preferredDarkColorTheme': THEMES.dark,
    'workbench.preferredLightColorTheme': THEMES.light,
    'window.autoDetectColorScheme': theme === undefined,
    'window.autoDetectHighContrast': false,
    'window.dialogStyle': 'custom',
    'window.commandCenter': false,
    'window.restoreWindows': 'none',
    'workbench.layoutControl.enabled': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'workbench.enableExperiments': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.reduceMotion': 'on',
    // A page that finishes loading takes the focus: on a busy machine at any time.
    'workbench.quickOpen.closeOnFocusLost': false,
    'chat.disableAIFeatures': true,
    'chat.commandCenter.enabled': false,
    'security.workspace.trust.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'git.enabled': false,
    'npm.autoDetect': 'off',
    'typescript.disableAutomaticTypeAcquisition': true,
    'files.simpleDialog.enable': true,
  };
}
