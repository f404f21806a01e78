import { Button, TextInput, Tooltip } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { mapAddress, unmapAddress, uriMappingsQuery } from '@/api/readiness';
import table from './image-table.module.css';
import page from './settings-page.module.css';

interface Props {
  mayChange: boolean;
}

/** The addresses that lie elsewhere here: what a definition names, and where steps read it. */
export function AddressTable({ mayChange }: Props) {
  const queries = useQueryClient();
  const mappings = useQuery(uriMappingsQuery());
  const refresh = () => queries.invalidateQueries({ queryKey: uriMappingsQuery().queryKey });
  const remove = useMutation({ mutationFn: unmapAddress, onSettled: refresh });
  const lines = mappings.data?.results ?? [];
  const wrong = mappings.error ?? remove.error;
  return (
    <>
      <p className={table.help}>
        Steps that read below the first address find what lies below the second. Definitions stay as they are.
        Readiness of a pipeline fills this table, too.
      </p>
      {lines.length > 0 ? (
        <table className={table.table}>
          <thead>
            <tr>
              <th>A definition says</th>
              <th>Steps read</th>
              {mayChange ? <th aria-label="Actions" /> : null}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id}>
                <td>
                  <code>{line.prefix}</code>
                </td>
                <td>
                  <code>{line.target}</code>
                  <small>by {line.created_by}</small>
                </td>
                {mayChange ? (
                  <td className={table.actions}>
                    <Tooltip label="Delete">
                      <button
                        type="button"
                        className={table.action}
                        aria-label={`Delete ${line.prefix}`}
                        disabled={remove.isPending}
                        onClick={() => remove.mutate(line.id)}
                      >
                        <Trash2 size={15} aria-hidden="true" />
                      </button>
                    </Tooltip>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {mappings.data && lines.length === 0 ? (
        <p className={table.empty}>Every address is read as it is.</p>
      ) : null}
      {wrong ? (
        <p className={page.error} role="alert">
          {wrong.message}
        </p>
      ) : null}
      {mayChange ? <NewLine onSaved={refresh} /> : null}
    </>
  );
}

/** The line of a prefix is replaced by a new one of the same prefix. */
function NewLine({ onSaved }: { onSaved(): Promise<void> }) {
  const [prefix, setPrefix] = useState('');
  const [target, setTarget] = useState('');
  const save = useMutation({
    mutationFn: () => mapAddress(prefix.trim(), target.trim()),
    onSuccess: async () => {
      await onSaved();
      setPrefix('');
      setTarget('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={page.row} onSubmit={submit}>
      <TextInput
        label="A definition says"
        placeholder="s3://their-bucket/folder"
        value={prefix}
        onChange={(event) => setPrefix(event.currentTarget.value)}
      />
      <TextInput
        label="Steps read"
        placeholder="s3://our-bucket/folder"
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!prefix.trim() || !target.trim()} loading={save.isPending}>
        Add
      </Button>
      {save.isError ? (
        <p className={page.error} role="alert">
          {save.error.message}
        </p>
      ) : null}
    </form>
  );
}
