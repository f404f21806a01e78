import { memo, useMemo } from 'react';
import type { Catalog } from '@/pipeline/catalog';
import type { Json } from '@/pipeline/json';
import { readLayout } from '@/pipeline/layout';
import { parseText } from '@/pipeline/text';
import { canvasView } from '@/pipeline/view';
import { familyLook } from '../theme/families';
import { libraryIcon } from '../theme/library-icons';
import { BLOCK_HEIGHT, BLOCK_WIDTH, type Block, pictureGeometry } from './picture-geometry';
import styles from './pipeline-picture.module.css';

const ICON = 34;

interface Props {
  definition: string;
  layout: Json;
  catalog: Catalog;
  label: string;
}

/** A pipeline as a small drawing, made of its definition and layout: the canvas seen from far away. */
export const PipelinePicture = memo(function PipelinePicture({ definition, layout, catalog, label }: Props) {
  const { viewBox, blocks, lines } = useMemo(() => {
    const parsed = parseText(definition);
    const view = canvasView(parsed.ok ? parsed.value : undefined, readLayout(layout), catalog);
    return pictureGeometry(view.nodes, view.edges);
  }, [definition, layout, catalog]);
  return (
    <svg className={styles.picture} viewBox={viewBox} role="img" aria-label={label}>
      {lines.map((line) => (
        <path
          key={line.id}
          d={line.path}
          className={[styles.line, line.dashed ? styles.dashed : '', line.failing ? styles.failing : ''].join(
            ' ',
          )}
        />
      ))}
      {blocks.map((block) => (
        <PictureBlock key={block.id} {...block} />
      ))}
    </svg>
  );
});

function PictureBlock({ id, x, y, family, icon, title }: Block) {
  const look = familyLook(family);
  const Icon = libraryIcon(icon) ?? look.icon;
  return (
    <g style={{ color: look.color }}>
      <title>{title === id ? id : `${id}: ${title}`}</title>
      <rect
        x={x}
        y={y}
        width={BLOCK_WIDTH}
        height={BLOCK_HEIGHT}
        rx={10}
        className={styles.block}
        style={{ fill: look.soft }}
      />
      <Icon
        x={x + (BLOCK_WIDTH - ICON) / 2}
        y={y + (BLOCK_HEIGHT - ICON) / 2}
        size={ICON}
        strokeWidth={1.75}
        aria-hidden="true"
      />
    </g>
  );
}
