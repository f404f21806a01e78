import { describe, expect, it } from 'vitest';
import { emptyLayout } from '../layout';
import { applyPatch } from '../patch';
import { turnIntoCode } from './turn-into-code';

const code = {
  file_name: 'split.py',
  arguments: ['--root', '/opt/ml/processing'],
  uri: 's3://bucket/split.py',
};

function documents(command: string[], inputs?: object[]) {
  const args = {
    AppSpecification: {
      ImageUri: 'clary/steps:1',
      ContainerEntrypoint: command,
      ContainerArguments: ['--share', '0.2'],
    },
    ...(inputs ? { ProcessingInputs: inputs } : {}),
  };
  const definition = {
    Version: '2020-12-01',
    Steps: [{ Name: 'Split', Type: 'Processing', Arguments: args }],
  };
  return { definition: JSON.parse(JSON.stringify(definition)), layout: emptyLayout() };
}

describe('turning a ready-made step into code', () => {
  it('starts the script, keeps the wires, and is one command that comes back whole', () => {
    const before = documents(['python3', '-m', 'clary_steps', 'split@1'], [{ InputName: 'table' }]);
    const edit = turnIntoCode(before, 'Split', code);
    const { document, inverse } = applyPatch(before.definition, edit.definition);
    const args = JSON.parse(JSON.stringify(document)).Steps[0].Arguments;
    expect(args.AppSpecification).toEqual({
      ImageUri: 'clary/steps:1',
      ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/split.py'],
      ContainerArguments: ['--root', '/opt/ml/processing'],
    });
    expect(args.ProcessingInputs.map((input: { InputName: string }) => input.InputName)).toEqual([
      'table',
      'code',
    ]);
    expect(applyPatch(document, inverse).document).toEqual(before.definition);
  });

  it('gives a step without inputs its first one', () => {
    const before = documents(['python3', '-m', 'clary_steps', 'load-table@1']);
    const { document } = applyPatch(before.definition, turnIntoCode(before, 'Split', code).definition);
    expect(JSON.stringify(document)).toContain('s3://bucket/split.py');
  });

  it('is refused for a step with code of its own', () => {
    expect(() => turnIntoCode(documents(['python3', 'a.py']), 'Split', code)).toThrow(
      'runs code of its own already',
    );
  });
});
