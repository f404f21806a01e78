import { Button, Modal, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  changeReading,
  type Dataset,
  type DatasetVersion,
  datasetKeys,
  datasetTableQuery,
  type ReadOptions,
} from '@/api/datasets';
import styles from './dataset-page.module.css';

interface Props {
  dataset: Dataset;
  version: DatasetVersion;
  onClose(): void;
}

const AUTO = { value: 'auto', label: 'Find out' };
const DELIMITERS = [
  AUTO,
  { value: ',', label: 'Comma ,' },
  { value: ';', label: 'Semicolon ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar |' },
  { value: ':', label: 'Colon :' },
  { value: ' ', label: 'Space' },
];
const ENCODINGS = [
  AUTO,
  ...['utf-8', 'utf-16', 'cp1252', 'latin-1', 'cp1250', 'cp1251', 'shift_jis', 'gb18030', 'big5'].map(
    (value) => ({
      value,
      label: value,
    }),
  ),
];
const HEADERS = [
  AUTO,
  { value: 'true', label: 'The first line names the columns' },
  { value: 'false', label: 'There are no names' },
];
const DECIMALS = [AUTO, { value: '.', label: 'Point 1.5' }, { value: ',', label: 'Comma 1,5' }];
const TYPES = ['auto', 'integer', 'number', 'text', 'boolean', 'date', 'datetime'];

/** How a text file is read; what is left at "Find out" is found out. It stays with the version. */
export function ReadingDialog({ dataset, version, onClose }: Props) {
  const client = useQueryClient();
  const table = useQuery(datasetTableQuery(version));
  const [options, setOptions] = useState<ReadOptions>(version.options);
  const save = useMutation({
    mutationFn: () => changeReading(dataset.id, version.number, options),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: datasetKeys.all });
      onClose();
    },
  });
  const found = table.data?.file;
  const columns = table.data?.columns.slice(0, table.data.preview?.columns.length ?? 0) ?? [];
  const hint = (value: string | undefined) => (value === undefined ? '' : `Found: ${value}`);
  return (
    <Modal opened onClose={onClose} title={`How ${version.file_name} is read`} size="lg">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Select
          label="Delimiter"
          description={hint(DELIMITERS.find((one) => one.value === found?.delimiter)?.label)}
          data={DELIMITERS}
          value={options.delimiter ?? 'auto'}
          allowDeselect={false}
          onChange={(value) => setOptions({ ...options, delimiter: value === 'auto' ? null : value })}
        />
        <Select
          label="Encoding"
          description={hint(found?.encoding)}
          data={ENCODINGS}
          value={options.encoding ?? 'auto'}
          allowDeselect={false}
          onChange={(value) => setOptions({ ...options, encoding: value === 'auto' ? null : value })}
        />
        <Select
          label="Column names"
          description={hint(
            found?.header === undefined ? undefined : found.header ? 'in the first line' : 'none',
          )}
          data={HEADERS}
          value={options.header === null || options.header === undefined ? 'auto' : String(options.header)}
          allowDeselect={false}
          onChange={(value) => setOptions({ ...options, header: value === 'auto' ? null : value === 'true' })}
        />
        <Select
          label="Decimal sign"
          description={hint(DECIMALS.find((one) => one.value === found?.decimal)?.label)}
          data={DECIMALS}
          value={options.decimal ?? 'auto'}
          allowDeselect={false}
          onChange={(value) => setOptions({ ...options, decimal: value === 'auto' ? null : value })}
        />
        {columns.length > 0 ? (
          <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
            <legend className={styles.quiet}>Types</legend>
            <div className={styles.types}>
              {columns.map((column) => (
                <TypeRow
                  key={column.name}
                  name={column.name}
                  found={column.type}
                  chosen={options.types?.[column.name]}
                  onChoose={(type) =>
                    setOptions({ ...options, types: withType(options.types, column.name, type) })
                  }
                />
              ))}
            </div>
          </fieldset>
        ) : null}
        {save.isError ? (
          <p className={styles.error} role="alert">
            {save.error.message}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            Read it like this
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface TypeProps {
  name: string;
  found: string;
  chosen: string | undefined;
  onChoose(type: string | null): void;
}

function TypeRow({ name, found, chosen, onChoose }: TypeProps) {
  return (
    <>
      <span title={name}>{name}</span>
      <Select
        size="xs"
        aria-label={`Type of ${name}`}
        data={TYPES.map((type) => ({ value: type, label: type === 'auto' ? `find out (${found})` : type }))}
        value={chosen ?? 'auto'}
        allowDeselect={false}
        onChange={(type) => onChoose(type === 'auto' ? null : type)}
      />
    </>
  );
}

function withType(types: Record<string, string> | undefined, name: string, type: string | null) {
  const { [name]: _, ...rest } = types ?? {};
  return type === null ? rest : { ...rest, [name]: type };
}
