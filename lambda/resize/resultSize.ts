interface Size {
  readonly width: number;
  readonly height: number;
}

interface Wish {
  readonly width: number;
  readonly height: number | undefined;
  readonly fit: 'cover' | 'contain' | 'fill' | 'inside' | 'outside';
  readonly enlarge: boolean;
}

/** The size that resizing gives, before anything is decoded; sharp may round a side up or down. */
export function resultSize(image: Size, { width, height, fit, enlarge }: Wish): Size {
  if (height === undefined) return scaled(image, width / image.width, enlarge);
  const scales = [width / image.width, height / image.height];
  switch (fit) {
    case 'inside':
      return scaled(image, Math.min(...scales), enlarge);
    case 'outside':
      return scaled(image, Math.max(...scales), enlarge);
    case 'cover':
    case 'contain':
    case 'fill':
      return { width, height };
  }
}

function scaled({ width, height }: Size, scale: number, enlarge: boolean): Size {
  const factor = enlarge ? scale : Math.min(scale, 1);
  const side = (length: number): number => Math.max(1, Math.round(length * factor));
  return { width: side(width), height: side(height) };
}
