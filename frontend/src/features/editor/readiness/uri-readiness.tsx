import { Button, FileButton, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { storeFile } from '@/api/pipelines';
import { mapAddress } from '@/api/readiness';
import type { Readiness } from '@/api/types';
import { Chip, type ChipTone } from '@/components/ui/chip';
import { useScene } from '../editor-context';
import styles from './readiness.module.css';

type Uri = Readiness['uris'][number];

const STATES: Record<Uri['state'], { words: string; tone: ChipTone }> = {
  present: { words: 'Present', tone: 'ok' },
  mapped: { words: 'Mapped', tone: 'ok' },
  missing: { words: 'Nothing there', tone: 'bad' },
};

interface Props {
  uris: readonly Uri[];
  onMapped(): void;
  onGo(pointer: string, step: string | null): void;
}

/** Every address steps read: there, read elsewhere, or missing with two ways out. */
export function UriReadiness({ uris, onMapped, onGo }: Props) {
  const sorted = [...uris].sort((a, b) => Number(a.state !== 'missing') - Number(b.state !== 'missing'));
  if (uris.length === 0) return null;
  return (
    <section>
      <h2>
        Data{' '}
        <small>
          {uris.filter((uri) => uri.state !== 'missing').length} of {uris.length} addresses are there
        </small>
      </h2>
      <ul className={styles.lines}>
        {sorted.map((uri) => (
          <li key={uri.uri}>
            <span className={styles.head}>
              <code>{uri.uri}</code>
              <span className={styles.space} />
              <Chip tone={STATES[uri.state].tone}>{STATES[uri.state].words}</Chip>
            </span>
            <p className={styles.quiet}>
              read by{' '}
              {uri.steps.map((step) => (
                <button
                  key={step}
                  type="button"
                  className={styles.go}
                  onClick={() => onGo(uri.pointer, step)}
                >
                  {step}
                </button>
              ))}
              {uri.target ? (
                <>
                  {' '}
                  from <code>{uri.target}</code>
                </>
              ) : null}
            </p>
            {uri.state === 'present' ? null : <MapAddress uri={uri} onMapped={onMapped} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Say where the bytes are, for every pipeline of the workspace, or bring them. The definition stays as it is. */
function MapAddress({ uri, onMapped }: { uri: Uri; onMapped(): void }) {
  const { pipeline, readOnly } = useScene();
  const [prefix, setPrefix] = useState(uri.uri);
  const [target, setTarget] = useState(uri.target);
  const map = useMutation({ mutationFn: () => mapAddress(prefix, target), onSuccess: onMapped });
  const bring = useMutation({
    mutationFn: async (file: File) => {
      const stored = await storeFile(pipeline.id, file, file.name);
      await mapAddress(uri.uri, stored.uri);
    },
    onSuccess: onMapped,
  });
  if (readOnly) return null;
  const error = map.error ?? bring.error;
  return (
    <form
      className={styles.map}
      onSubmit={(event) => {
        event.preventDefault();
        map.mutate();
      }}
    >
      <TextInput
        size="xs"
        label="Addresses below"
        value={prefix}
        onChange={(event) => setPrefix(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="are read below"
        placeholder={`s3://${pipeline.name}-data/…`}
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" loading={map.isPending} disabled={target === '' || prefix === ''}>
        Map
      </Button>
      <FileButton onChange={(file) => file && bring.mutate(file)}>
        {(props) => (
          <Button size="xs" {...props} loading={bring.isPending}>
            Upload a file
          </Button>
        )}
      </FileButton>
      {error ? (
        <p className={styles.error} role="alert">
          {error.message}
        </p>
      ) : null}
    </form>
  );
}
