import type { ReportValue } from '@/pipeline/report-values';
import styles from './field.module.css';

interface Props {
  report: string;
  path: string;
  /** What is known to stand in the report; empty when its shape is not known. */
  values: readonly ReportValue[];
  disabled: boolean;
  onChange(path: string): void;
}

/** Which value of a report is read: chosen by name where the report is known, else written as a path. */
export function ReportPath({ report, path, values, disabled, onChange }: Props) {
  const known = values.some((value) => value.path === path);
  return (
    <>
      {values.length > 0 ? (
        <select
          aria-label={`Value in ${report}`}
          disabled={disabled}
          value={known ? path : ''}
          onChange={(event) => onChange(event.target.value)}
        >
          {values.map((value) => (
            <option key={value.path} value={value.path}>
              {value.title}
            </option>
          ))}
          <option value="">Another value</option>
        </select>
      ) : null}
      {known ? null : (
        <input
          type="text"
          className={styles.mono}
          aria-label={`Path of the value in ${report}`}
          placeholder="metrics.auc.value"
          value={path}
          spellCheck={false}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </>
  );
}
