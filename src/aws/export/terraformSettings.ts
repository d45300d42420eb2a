import type { FunctionSettings } from './functionSettings.ts';
import type { HclBlock, HclBody } from './hclText.ts';
import type { Json } from './yamlText.ts';

/**
 * Settings of a function as the provider names them: the API's names in small letters, structures as
 * blocks, a list of structures as a block each.
 */
export function settingsBody(settings: FunctionSettings): HclBody {
  const all = Object.entries(settings);
  return [
    ...all.flatMap(([name, value]) => (isStructured(value) ? [] : [[snake(name), value] as const])),
    ...all.flatMap(([name, value]): HclBlock[] => {
      if (!isStructured(value)) return [];
      return Array.isArray(value)
        ? value.map(item => block(name.replace(/s$/, ''), item as Structure))
        : [block(name, value as Structure)];
    }),
  ];
}

interface Structure {
  readonly [name: string]: Json;
}

function block(name: string, structure: Structure): HclBlock {
  const body = Object.entries(structure).map(([key, value]) => [snake(key), value] as const);
  return { header: snake(name), body };
}

/** Layers are a list of texts. */
function isStructured(value: Json): boolean {
  if (Array.isArray(value)) return value.some(item => typeof item === 'object');
  return typeof value === 'object';
}

/** `KMSKeyArn` is kms_key_arn. */
function snake(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
