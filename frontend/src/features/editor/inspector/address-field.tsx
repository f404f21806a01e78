import { storeFile } from '@/api/pipelines';
import { DatasetPicker } from '@/components/data/dataset-picker';
import { type Field, hintOf } from '@/pipeline/form';
import type { Json } from '@/pipeline/json';
import { useScene } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { shownText } from './fixed-value';
import { useStepForm } from './form-context';
import { UploadButton } from './upload-button';
import { ValueBox } from './value-box';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** Where data lies: a dataset, or while nothing is said a file from this computer. */
export function AddressField({ field, value }: Props) {
  const { pipeline } = useScene();
  const form = useStepForm();
  const empty = shownText(value, field) === '';
  return (
    <FieldRow pointer={field.pointer} label={field.title} hint={hintOf(field)} help={field.help}>
      <div className={styles.list}>
        <ValueBox field={field} value={value} />
        {field.schema['x-upload'] === true ? (
          <DatasetPicker
            disabled={form.readOnly}
            words={empty ? 'Choose a dataset' : 'Choose another dataset'}
            onPick={(dataset) => form.write(field.pointer, dataset.latest.uri)}
          />
        ) : null}
        {field.schema['x-upload'] === true && empty ? (
          <UploadButton
            words="Upload a file"
            store={async (file) => (await storeFile(pipeline.id, file, file.name)).uri}
            onStored={(address) => form.write(field.pointer, address)}
          />
        ) : null}
      </div>
    </FieldRow>
  );
}
