import { useInfiniteQuery } from '@tanstack/react-query';
import { Box } from 'lucide-react';
import { type ModelVersion, modelVersionsQuery } from '@/api/models';
import { formatAgo } from '@/lib/format';
import { approvalWords, modelWords } from './model-words';
import { PickerRows } from './picker-rows';
import { SearchPicker } from './search-picker';

interface Props {
  onPick(version: ModelVersion): void;
  disabled?: boolean;
  words?: string;
}

/** Chooses one version of a registered model. */
export function ModelPicker({ onPick, disabled = false, words = 'Choose a registered model' }: Props) {
  return (
    <SearchPicker words={words} what="registered models" icon={Box} disabled={disabled}>
      {(search, close) => (
        <Choices
          search={search}
          onPick={(version) => {
            close();
            onPick(version);
          }}
        />
      )}
    </SearchPicker>
  );
}

function Choices({ search, onPick }: { search: string; onPick(version: ModelVersion): void }) {
  const list = useInfiniteQuery(modelVersionsQuery(search));
  const none = search
    ? `No registered model fits “${search}”.`
    : 'No registered models yet. A Register model step puts one there.';
  return (
    <PickerRows list={list} none={none} onPick={onPick}>
      {(row) => ({
        key: row.id,
        name: modelWords(row),
        remark: row.data
          ? `${approvalWords(row).word} · ${formatAgo(row.created_at)}`
          : 'Keeps no file of a model',
        disabled: row.data === '',
      })}
    </PickerRows>
  );
}
