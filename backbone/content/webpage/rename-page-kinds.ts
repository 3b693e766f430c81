import { statementsMigration } from '../type-tables.ts';

const RENAMED: readonly (readonly [former: string, name: string])[] = [
  ['forum', 'discussion'],
  ['list', 'listing'],
];

/** Gives stored pages the names of kinds that people expect. */
export const renamePageKinds = statementsMigration('RenamePageKinds1764000000110', {
  up: RENAMED.flatMap(([former, name]) => renaming(former, name)),
  down: RENAMED.flatMap(([former, name]) => renaming(name, former)),
});

function renaming(from: string, to: string): string[] {
  return [
    `UPDATE webpage_metadata SET page_kind = '${to}' WHERE page_kind = '${from}'`,
    `UPDATE contents SET type_metadata = jsonb_set(type_metadata, '{pageKind}', '"${to}"')
      WHERE content_type = 'webpage' AND type_metadata ->> 'pageKind' = '${from}'`,
  ];
}
