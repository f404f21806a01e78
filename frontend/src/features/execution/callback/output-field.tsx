import { Input, SegmentedControl, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { CallbackOutput } from '@/api/execution-steps';
import { misfit, typeWord, VALUE_LENGTH } from './values';

interface Props {
  output: CallbackOutput;
  value: string;
  /** Whether to say what is wrong with an empty field, too. */
  told: boolean;
  disabled: boolean;
  onChange(value: string): void;
}

/** The value of one declared output, in a field of its type. */
export function OutputField({ output, value, told, disabled, onChange }: Props) {
  const id = useId();
  if (output.type === 'Boolean') {
    return (
      <Input.Wrapper
        label={output.name}
        labelElement="div"
        labelProps={{ id }}
        description={typeWord(output.type)}
      >
        <div>
          <SegmentedControl
            mt={4}
            aria-labelledby={id}
            data={[
              { value: 'true', label: 'True' },
              { value: 'false', label: 'False' },
            ]}
            disabled={disabled}
            value={value}
            onChange={onChange}
          />
        </div>
      </Input.Wrapper>
    );
  }
  const wrong = told || value !== '' ? misfit(output, value) : null;
  return (
    <TextInput
      label={output.name}
      description={typeWord(output.type)}
      inputMode={output.type === 'Integer' ? 'numeric' : output.type === 'Float' ? 'decimal' : undefined}
      maxLength={VALUE_LENGTH}
      disabled={disabled}
      error={wrong}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
