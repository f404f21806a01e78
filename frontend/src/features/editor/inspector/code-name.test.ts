import { expect, it } from 'vitest';
import { codePlace, lineRange } from './code-name';

it('finds a line of a script', () => {
  expect(lineRange('a\nbcd\ne', 2)).toEqual({ from: 2, to: 5 });
  expect(lineRange('a\nbcd', 99)).toEqual({ from: 2, to: 5 });
  expect(lineRange('', 1)).toEqual({ from: 0, to: 0 });
});

it('knows where a step names its code', () => {
  const inputs = [{ InputName: 'train' }, { InputName: 'code' }];
  expect(codePlace({ Arguments: { ProcessingInputs: inputs } })).toBe(
    '/Arguments/ProcessingInputs/1/S3Input/S3Uri',
  );
  const folder = { sagemaker_submit_directory: 's3://bucket/sourcedir.tar.gz' };
  expect(codePlace({ Arguments: { HyperParameters: folder } })).toMatch(/sagemaker_submit_directory$/);
  expect(codePlace({ Arguments: {} })).toBeNull();
});
