import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { imagesQuery } from '@/api/images';
import type { ImageRow } from '@/api/types';
import { type Field, fieldOf, hintOf } from '@/pipeline/form';
import { type Json, text } from '@/pipeline/json';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { ValueBox } from './value-box';

interface Props {
  field: Field;
  value: Json | undefined;
}

const REGISTRY = '683313688378.dkr.ecr.us-east-1.amazonaws.com';

/** Images that every installation can run; any other name can be typed. */
const IMAGES: readonly { uri: string; title: string }[] = [
  { uri: `${REGISTRY}/sagemaker-scikit-learn:1.2-1-cpu-py3`, title: 'scikit-learn 1.2' },
  { uri: `${REGISTRY}/sagemaker-xgboost:1.7-1`, title: 'XGBoost 1.7' },
];

/** Which environment the code runs in: a few by their name, the rest by address. */
export function ImageField({ field, value }: Props) {
  const form = useStepForm();
  const controlId = useId();
  const uri = text(value) ?? '';
  const { data: table = [] } = useQuery(imagesQuery());
  const images = [...IMAGES, ...namedIn(table)];
  const known = images.some((image) => image.uri === uri);
  const asText = fieldOf(
    field.key,
    { ...field.schema, 'x-widget': 'image-name' },
    field.pointer,
    field.required,
  );
  return (
    <FieldRow
      pointer={field.pointer}
      label={field.title}
      controlId={controlId}
      hint={hintOf(field)}
      help={field.help}
    >
      <div className={styles.list}>
        <div className={styles.box}>
          <div className={styles.control}>
            <select
              id={controlId}
              disabled={form.readOnly}
              value={known ? uri : 'other'}
              onChange={(event) =>
                form.write(field.pointer, event.target.value === 'other' ? '' : event.target.value)
              }
            >
              {images.map((image) => (
                <option key={image.uri} value={image.uri}>
                  {image.title}
                </option>
              ))}
              <option value="other">Another image</option>
            </select>
          </div>
        </div>
        {known ? null : <ValueBox field={asText} value={value} label="Image address" />}
      </div>
    </FieldRow>
  );
}

/** Lines of the table of images that are one image's whole address; a pattern fits many and names none. */
function namedIn(table: readonly ImageRow[]): { uri: string; title: string }[] {
  return table
    .filter(({ enabled, pattern }) => enabled && !pattern.includes('*'))
    .filter(({ pattern }) => !IMAGES.some((image) => image.uri === pattern))
    .map(({ pattern, title }) => ({ uri: pattern, title }));
}
