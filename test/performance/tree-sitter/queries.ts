/**
 * The tree-sitter queries for the declarations that `repository/structure` raises, by its classes.
 * `@name` captures a name, and `@holder` the node with the body if the declaration itself has none.
 * `optional` captures (keys of data, members of objects) count neither for nor against a side.
 */

/** The JavaScript nodes in which declarations are visible to other files. */
const javascriptScopes = ['program', 'export_statement'];
const typescriptScopes = [
  ...javascriptScopes,
  'internal_module (statement_block',
  'module (statement_block',
];
const functions = '[(arrow_function) (function_expression) (generator_function)]';

/** Variables at the outermost level of each scope. */
function variables(scopes: readonly string[]): string {
  return scopes
    .flatMap((scope) => {
      const end = ')'.repeat(scope.split('(').length);
      return ['lexical_declaration', 'variable_declaration'].flatMap((declaration) => [
        `(${scope} (${declaration} (variable_declarator name: (_) @name value: ${functions} @holder)) @signature${end}`,
        `(${scope} (${declaration} (variable_declarator name: (_) @name value: (_))) @value${end}`,
      ]);
    })
    .join('\n');
}

const javascriptShared = `
  (import_statement) @import
  (export_statement source: (_)) @import
  (export_statement (export_clause)) @import
  (export_statement value: ${functions} @holder) @signature
  (export_statement value: (_)) @value
  ([(lexical_declaration (variable_declarator value: (call_expression function: (identifier) @callee)))
    (variable_declaration (variable_declarator value: (call_expression function: (identifier) @callee)))
    (lexical_declaration (variable_declarator value: (member_expression object: (call_expression function: (identifier) @callee))))
    (variable_declaration (variable_declarator value: (member_expression object: (call_expression function: (identifier) @callee))))] @import
    (#eq? @callee "require"))
  (lexical_declaration (variable_declarator value: (await_expression (call_expression function: (import))))) @import
  (class_declaration name: (_) @name) @type
  (function_declaration name: (_) @name) @signature
  (generator_function_declaration name: (_) @name) @signature
  (class_body (method_definition name: (_) @name) @signature)
  (object (method_definition name: (_) @name) @optional)
  (pair key: (_) @name) @optional
  (program (expression_statement (assignment_expression
    left: (member_expression property: (_) @name) right: ${functions} @holder)) @signature)
  (program (expression_statement (assignment_expression left: (member_expression) @left)) @value
    (#match? @left "^(module\\\\.)?exports\\\\b"))
`;

const javascript = `${javascriptShared}
  (class_body (field_definition property: (_) @name value: ${functions} @holder) @signature)
  (class_body (field_definition property: (_) @name value: (_)) @value)
  ${variables(javascriptScopes)}
`;

const typescript = `${javascriptShared}
  (abstract_class_declaration name: (_) @name) @type
  (interface_declaration name: (_) @name) @type
  (type_alias_declaration name: (_) @name) @type
  (enum_declaration name: (_) @name) @type
  (internal_module name: (_) @name) @type
  (module name: (_) @name) @type
  (ambient_declaration "global") @type
  (function_signature name: (_) @name) @signature
  (class_body (method_signature name: (_) @name) @signature)
  (interface_body (method_signature name: (_) @name) @signature)
  (abstract_method_signature name: (_) @name) @signature
  (construct_signature) @optional
  (call_signature) @optional
  (object_type (method_signature name: (_) @name) @optional)
  (enum_assignment name: (_) @name) @value
  (class_body (public_field_definition name: (_) @name value: ${functions} @holder) @signature)
  (class_body (public_field_definition name: (_) @name value: (_)) @value)
  ${variables(typescriptScopes)}
`;

const python = `
  (import_statement) @import
  (import_from_statement) @import
  (future_import_statement) @import
  (class_definition name: (_) @name) @type
  (type_alias_statement) @type
  (function_definition name: (_) @name) @signature
  (module (expression_statement (assignment left: (identifier) @name right: (_))) @value)
  (class_definition body: (block (expression_statement (assignment left: (identifier) @name right: (_))) @value))
  ([(if_statement (block (expression_statement (assignment left: (identifier) @name right: (_))) @nested))
    (else_clause (block (expression_statement (assignment left: (identifier) @name right: (_))) @nested))
    (elif_clause (block (expression_statement (assignment left: (identifier) @name right: (_))) @nested))
    (try_statement (block (expression_statement (assignment left: (identifier) @name right: (_))) @nested))
    (except_clause (block (expression_statement (assignment left: (identifier) @name right: (_))) @nested))
    (with_statement (block (expression_statement (assignment left: (identifier) @name right: (_))) @nested))])
  (pair) @optional
  (keyword_argument) @optional
`;

/** The same for C++; a preprocessor conditional counts as its surroundings. */
const cppScopes = [
  'translation_unit',
  'declaration_list',
  'linkage_specification',
  'template_declaration',
  'preproc_if',
  'preproc_ifdef',
  'preproc_else',
  'preproc_elif',
];
const declarator = `[(function_declarator declarator: (_) @name)
  (pointer_declarator (function_declarator declarator: (_) @name))
  (pointer_declarator (pointer_declarator (function_declarator declarator: (_) @name)))
  (reference_declarator (function_declarator declarator: (_) @name))]`;

const cpp = `
  (preproc_include) @import
  (using_declaration) @import
  ([(translation_unit (alias_declaration name: (_) @name) @type)
    (declaration_list (alias_declaration name: (_) @name) @type)
    (template_declaration (alias_declaration name: (_) @name) @type)
    (field_declaration_list (alias_declaration name: (_) @name) @type)])
  (preproc_ifdef (alias_declaration name: (_) @name) @type) @conditional
  (preproc_if (alias_declaration name: (_) @name) @type) @conditional
  (preproc_else (alias_declaration name: (_) @name) @type) @conditional
  (namespace_alias_definition) @import
  (preproc_function_def name: (_) @name) @signature
  (preproc_def name: (_) @name value: (_)) @value
  (namespace_definition) @type
  (type_definition) @type
  (concept_definition name: (_) @name) @type
  ([(class_specifier name: (_) @name body: (_)) (struct_specifier name: (_) @name body: (_))
    (union_specifier name: (_) @name body: (_)) (enum_specifier name: (_) @name body: (_))]) @type
  ([(class_specifier !body) (struct_specifier !body) (union_specifier !body) (enum_specifier !body)]) @forward
  (function_definition declarator: ${declarator}) @signature
  (function_definition declarator: (operator_cast)) @signature
  (field_declaration_list (declaration declarator: (operator_cast)) @signature)
  (field_declaration declarator: ${declarator}) @signature
  (field_declaration_list (declaration declarator: ${declarator}) @signature)
  (field_declaration_list (template_declaration (declaration declarator: ${declarator}) @signature))
  (function_declarator declarator: [(identifier) (qualified_identifier)] @name) @salvaged
  (field_declaration_list (field_declaration
    type: [(class_specifier !name) (struct_specifier !name) (union_specifier !name) (enum_specifier !name)] @type))
  (field_declaration declarator: (_) @name default_value: (_)) @value
  (enumerator name: (_) @name value: (_)) @value
  (initializer_pair) @optional
  ${cppScopes
    .map((scope) => {
      const outside = scope.startsWith('preproc_') ? ' @conditional' : '';
      return `(${scope} (declaration declarator: ${declarator}) @signature)${outside}
  (${scope} (declaration declarator: (init_declarator declarator: (_) @name)) @value)${outside}`;
    })
    .join('\n')}
`;

export type GrammarName = 'typescript' | 'tsx' | 'javascript' | 'cpp' | 'python';

export const queries: Readonly<Record<GrammarName, string>> = {
  typescript,
  tsx: typescript,
  javascript,
  cpp,
  python,
};
