/** Recognises the questions that the bundled model was trained on in a user's text. */

/** What a question asks about a name: its value, its module, the file that defines it, … */
export const formNames = ['value', 'import', 'file', 'returns', 'default'] as const;
export type FormName = (typeof formNames)[number];

/** A question of a form, with its names. */
export interface FormedQuestion {
  readonly form: FormName;
  readonly name: string;
  /** The parameter whose default is asked for; only for `default`. */
  readonly parameter: string | null;
}

const name = String.raw`[${'`'}'"“]?(?<name>[\p{L}_$][\p{L}\p{N}_$]*)[${'`'}'"”]?(?:\(\))?`;
const parameter = String.raw`[${'`'}'"“]?(?<parameter>[\p{L}_$][\p{L}\p{N}_$]*)[${'`'}'"”]?`;
const kind = String.raw`(?:(?:the )?(?:function|class|method|type|interface|constant|variable) )?`;

/**
 * The phrasings of the training (`test/tools/training/facts.py`), by form. The first of each form
 * is what the model is asked, whatever phrasing the user chose.
 */
const phrasings: Readonly<Record<FormName, readonly string[]>> = {
  value: [
    `what(?: is|'s) the (?:string |config )?value of ${kind}${name}`,
    `what value does ${kind}${name} have`,
    `what (?:string )?is ${kind}${name} set to`,
    `(?:tell me the )?value of ${kind}${name}`,
    `what number is ${name}`,
  ],
  import: [
    `which module is ${kind}${name} imported from`,
    `where is ${kind}${name} imported from`,
    `from which module is ${kind}${name} imported`,
    `what module does ${kind}${name} come from`,
  ],
  file: [
    `which file (?:defines|contains) ${kind}${name}`,
    `in which file is ${kind}${name} defined`,
    `where is ${kind}${name} defined`,
    `what file (?:defines|contains) ${kind}${name}`,
  ],
  returns: [
    `what does ${kind}${name} return`,
    `what value does ${kind}${name} return`,
    `what is returned by ${kind}${name}`,
  ],
  default: [
    `what is the default value of ${parameter} in ${kind}${name}`,
    `what is the default ${parameter} of ${kind}${name}`,
    `in ${kind}${name}, what does ${parameter} default to`,
    `what does ${parameter} default to in ${kind}${name}`,
  ],
};

const patterns = formNames.flatMap((form) =>
  phrasings[form].map((phrasing) => ({
    form,
    pattern: new RegExp(String.raw`^${phrasing}\s*[.?!]*$`, 'iu'),
  })),
);

/** Longer texts match no form; this also bounds the cost of the patterns. */
const longestQuestion = 400;

/** The form of a question; null if the bundled model was not trained on it. */
export function recogniseForm(question: string): FormedQuestion | null {
  const text = question.trim().replace(/\s+/gu, ' ');
  if (text.length > longestQuestion) return null;
  for (const { form, pattern } of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups?.['name'] === undefined) continue;
    return { form, name: groups['name'], parameter: groups['parameter'] ?? null };
  }
  return null;
}

/** The question in the most frequent wording of the bundled model's training. */
export function wordForm({ form, name: subject, parameter: asked }: FormedQuestion): string {
  switch (form) {
    case 'value':
      return `What is the value of ${subject}?`;
    case 'import':
      return `Which module is ${subject} imported from?`;
    case 'file':
      return `Which file defines ${subject}?`;
    case 'returns':
      return `What does ${subject} return?`;
    case 'default':
      return `What is the default value of ${asked ?? ''} in ${subject}?`;
  }
}
