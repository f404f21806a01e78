import { useInfiniteQuery } from '@tanstack/react-query';
import { Database } from 'lucide-react';
import { type DatasetRow, datasetsQuery } from '@/api/datasets';
import { sizeWords } from './dataset-words';
import { PickerRows } from './picker-rows';
import { SearchPicker } from './search-picker';

interface Props {
  onPick(dataset: DatasetRow): void;
  disabled?: boolean;
  words?: string;
}

/** Chooses one of the workspace's datasets; the newest version is meant. */
export function DatasetPicker({ onPick, disabled = false, words = 'Choose a dataset' }: Props) {
  return (
    <SearchPicker words={words} what="datasets" icon={Database} disabled={disabled}>
      {(search, close) => (
        <Choices
          search={search}
          onPick={(dataset) => {
            close();
            onPick(dataset);
          }}
        />
      )}
    </SearchPicker>
  );
}

function Choices({ search, onPick }: { search: string; onPick(dataset: DatasetRow): void }) {
  const list = useInfiniteQuery(datasetsQuery(search));
  const none = search
    ? `No dataset fits “${search}”.`
    : 'No datasets yet. Drop a file on the canvas, or see Data.';
  return (
    <PickerRows list={list} none={none} onPick={onPick}>
      {(row) => ({
        key: row.id,
        name: row.name,
        remark: `v${row.latest.number} · ${sizeWords(row.latest)}`,
      })}
    </PickerRows>
  );
}
