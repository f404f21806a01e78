import { Menu } from '@mantine/core';
import { ChevronDown, X } from 'lucide-react';
import { ChipButton } from '@/components/ui/chip';

interface Props {
  choices: readonly { id: string; name: string; display_name: string }[];
  chosen: string | null;
  onChoose: (pipeline: string | null) => void;
}

/** Narrows the list to one pipeline. */
export function PipelineFilter({ choices, chosen, onChoose }: Props) {
  const one = choices.find((choice) => choice.id === chosen);
  if (chosen !== null) {
    return (
      <ChipButton tone="brand" aria-pressed onClick={() => onChoose(null)} title="Show all pipelines">
        {one?.display_name || one?.name || 'This pipeline'}
        <X size={13} aria-hidden="true" />
      </ChipButton>
    );
  }
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <ChipButton>
          Pipeline
          <ChevronDown size={13} aria-hidden="true" />
        </ChipButton>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {choices.length === 0 ? <Menu.Label>No pipelines yet</Menu.Label> : null}
        {choices.map((choice) => (
          <Menu.Item key={choice.id} onClick={() => onChoose(choice.id)}>
            {choice.display_name || choice.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
