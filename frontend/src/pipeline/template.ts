import { expressionKind, isObject, type Json, member, text } from './json';

/**
 * A joined text as a person writes it: "s3://bucket/{Execution.PipelineExecutionId}/out". Undefined for anything a
 * line of text cannot show (nested expressions, a brace in a literal part).
 */
export function templateOf(value: Json | undefined): string | undefined {
  const join = member(value, 'Std:Join');
  if (expressionKind(value) !== 'Std:Join' || !isObject(join) || !Array.isArray(join.Values))
    return undefined;
  const parts = join.Values.map((part) => {
    if (typeof part === 'string') return /[{}]/.test(part) ? undefined : part;
    const get = expressionKind(part) === 'Get' ? text(member(part, 'Get')) : undefined;
    return get === undefined || /[{}]/.test(get) ? undefined : `{${get}}`;
  });
  return parts.includes(undefined) ? undefined : parts.join(text(join.On) ?? '');
}

/** The joined text a template spells; a template without placeholders still is one, so that typing can go on. */
export function fromTemplate(template: string): Json {
  const parts = template.split(/(\{[^{}]+\})/).filter((part) => part !== '');
  const values = parts.map((part): Json => (/^\{[^{}]+\}$/.test(part) ? { Get: part.slice(1, -1) } : part));
  return { 'Std:Join': { On: '', Values: values.length > 0 ? values : [''] } };
}

/** A single value turned into text by the SDK's idiom: a join of one part with nothing between. */
export function textOfOne(value: Json | undefined): Json | undefined {
  const join = member(value, 'Std:Join');
  if (expressionKind(value) !== 'Std:Join' || !isObject(join) || !Array.isArray(join.Values))
    return undefined;
  return join.Values.length === 1 && expressionKind(join.Values[0]) === 'Get' ? join.Values[0] : undefined;
}

export function asText(inner: Json): Json {
  return { 'Std:Join': { On: '', Values: [inner] } };
}

/** `inner` in the clothes of `like`: wrapped into a text where that one was. */
export function dressedAs(like: Json | undefined, inner: Json): Json {
  return textOfOne(like) === undefined ? inner : asText(inner);
}
