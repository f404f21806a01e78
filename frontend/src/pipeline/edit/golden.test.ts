import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Port } from '../catalog';
import type { Trigger } from '../graph';
import { isObject, type Json, type JsonObject } from '../json';
import type { Position } from '../layout';
import { applyPatch, type Patch } from '../patch';
import { parseText, printText } from '../text';
import { type DraftDocuments, type Edit, EditRefused } from './edit';
import { addParameter, removeParameter, renameParameter } from './parameters';
import {
  addStep,
  connectBranch,
  disconnectBranch,
  moveSteps,
  type PortsByType,
  removeSteps,
  renameStep,
} from './steps';
import { setCondition, setValue, unsetValue } from './values';
import { connect, depend, disconnect } from './wires';

/** Recorded edits that the server replays too: both sides must write the same operations. */
const FOLDER = resolve(import.meta.dirname, '../../../../tests/golden/edits');

/** Every argument of every command; each runner below reads its own. */
interface Arguments {
  steps: string[];
  step: string;
  name: string;
  condition: string;
  conditions: Json;
  branch: 'if' | 'else';
  source: string;
  target: string;
  trigger?: Trigger;
  pointers: string[];
  pointer: string;
  value: Json;
  ports: unknown;
  positions: Record<string, Position>;
  parameter: string & JsonObject;
}

interface Case {
  title: string;
  command: string;
  args: Arguments;
  before: DraftDocuments;
  refused?: string;
  label: string;
  definition_patch: Patch;
  layout_patch: Patch;
  after: DraftDocuments;
}

const COMMANDS: Record<string, (documents: DraftDocuments, args: Case['args']) => Edit> = {
  add_step: (documents, args) => addStep(documents, given<Parameters<typeof addStep>[1]>(args)).edit,
  remove_steps: (documents, args) => removeSteps(documents, args.steps, given<PortsByType>(args.ports ?? {})),
  rename_step: (documents, args) => renameStep(documents, args.step, args.name),
  connect_branch: (documents, args) => connectBranch(documents, args.condition, args.branch, args.step),
  disconnect_branch: (documents, args) => disconnectBranch(documents, args.step),
  move_steps: (documents, args) => moveSteps(documents, args.positions),
  connect: (documents, args) => connect(documents, given<Parameters<typeof connect>[1]>(args)),
  depend: (documents, args) => depend(documents, args.source, args.target, args.trigger),
  disconnect: (documents, args) =>
    disconnect(documents, args.target, args.pointers, given<readonly Port[]>(args.ports ?? [])),
  set_value: (documents, args) => setValue(documents, args.step, args.pointer, args.value),
  unset_value: (documents, args) => unsetValue(documents, args.step, args.pointer),
  set_condition: (documents, args) => setCondition(documents, args.step, args.conditions),
  add_parameter: (documents, args) => addParameter(documents, args.parameter).edit,
  rename_parameter: (documents, args) => renameParameter(documents, args.parameter, args.name),
  remove_parameter: (documents, args) => removeParameter(documents, args.parameter),
};

function given<T>(value: unknown): T {
  return value as T;
}

function cases(file: string): Case[] {
  const parsed = parseText(readFileSync(resolve(FOLDER, file), 'utf8'));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.problem.message}`);
  const list: Json = isObject(parsed.value) ? (parsed.value.cases ?? []) : parsed.value;
  return given<Case[]>(list);
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
  describe(`recorded edits: ${file}`, () => {
    for (const recorded of cases(file)) {
      it(recorded.title, () => {
        const run = COMMANDS[recorded.command];
        if (!run) throw new Error(`no runner for ${recorded.command}`);
        if (recorded.refused !== undefined) {
          const refusal = attempt(() => run(recorded.before, recorded.args));
          expect(refusal).toBeInstanceOf(EditRefused);
          expect((refusal as EditRefused).code).toBe(recorded.refused);
          return;
        }
        const edit = run(recorded.before, recorded.args);
        expect(edit.name).toBe(recorded.command);
        expect(edit.label).toBe(recorded.label);
        expect(printText(edit.definition)).toBe(printText(recorded.definition_patch));
        expect(printText(edit.layout)).toBe(printText(recorded.layout_patch));
        for (const part of ['definition', 'layout'] as const) {
          const { document, inverse } = applyPatch(recorded.before[part], edit[part]);
          expect(printText(document)).toBe(printText(recorded.after[part]));
          expect(printText(applyPatch(document, inverse).document)).toBe(printText(recorded.before[part]));
        }
      });
    }
  });
}

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
