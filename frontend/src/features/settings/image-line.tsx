import { Switch } from '@mantine/core';
import { ArrowUp, Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ImageChange, ImageRow } from '@/api/types';
import { Chip } from '@/components/ui/chip';
import { IconButton } from '@/components/ui/icon-button';
import { RUNTIMES } from './image-runtimes';
import styles from './image-table.module.css';

interface Props {
  image: ImageRow;
  /** The own line before this one; none above the first and for built-in lines. */
  above: ImageRow | undefined;
  mayChange: boolean;
  busy: boolean;
  onChange(changes: Partial<ImageChange>): void;
  onEdit(): void;
  onDelete(): void;
}

/** One line of the table of images. Built-in lines are only read. */
export function ImageLine({ image, above, mayChange, busy, onChange, onEdit, onDelete }: Props) {
  const changeable = mayChange && !image.built_in;
  const place = above?.position;
  return (
    <tr className={image.enabled ? undefined : styles.off}>
      <td>
        {image.title === image.pattern ? null : <b>{image.title}</b>}
        <code>{image.pattern}</code>
      </td>
      <td>
        <span title={RUNTIMES[image.runtime].help}>{RUNTIMES[image.runtime].title}</span>
        {image.container ? <code title="The local image Docker starts">{image.container}</code> : null}
        {image.requires.length > 0 ? <small>needs {image.requires.join(', ')}</small> : null}
      </td>
      <td>
        {changeable ? (
          <Switch
            size="sm"
            label={image.enabled ? 'On' : 'Off'}
            aria-label={`Use ${image.title}`}
            checked={image.enabled}
            disabled={busy}
            onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
          />
        ) : (
          <Chip>{stateOf(image)}</Chip>
        )}
      </td>
      {mayChange ? (
        <td className={styles.actions}>
          {changeable && typeof place === 'number' ? (
            <Action
              label={`Move ${image.title} up`}
              disabled={busy}
              onPress={() => onChange({ position: place })}
            >
              <ArrowUp size={15} aria-hidden="true" />
            </Action>
          ) : null}
          {changeable ? (
            <>
              <Action label={`Edit ${image.title}`} onPress={onEdit}>
                <Pencil size={15} aria-hidden="true" />
              </Action>
              <Action label={`Delete ${image.title}`} onPress={onDelete}>
                <Trash2 size={15} aria-hidden="true" />
              </Action>
            </>
          ) : null}
        </td>
      ) : null}
    </tr>
  );
}

function stateOf(image: ImageRow): string {
  if (image.built_in) return 'Built in';
  return image.enabled ? 'On' : 'Off';
}

interface ActionProps {
  label: string;
  disabled?: boolean;
  onPress(): void;
  children: ReactNode;
}

function Action({ label, disabled, onPress, children }: ActionProps) {
  return (
    <IconButton aria-label={label} title={label} disabled={disabled} onClick={onPress}>
      {children}
    </IconButton>
  );
}
