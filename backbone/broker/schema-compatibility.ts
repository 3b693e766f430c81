import avsc, { type Schema, type Type } from 'avsc';

export interface SchemaVersion {
  readonly version: number;
  readonly schemaJson: string;
}

/**
 * What stands against FULL_TRANSITIVE compatibility: one sentence for each ordered pair of versions of which
 * one cannot read what the other wrote. Registries that check only the last version miss a field that was
 * dropped and later came back with another type. Quadratic in the number of versions.
 */
export function compatibilityFaults(versions: readonly SchemaVersion[]): readonly string[] {
  const parsed = versions.map(({ version, schemaJson }) => ({ version, type: parseSchema(schemaJson) }));
  return parsed.flatMap((reader) =>
    parsed.flatMap((writer) => {
      const fault = resolutionFault(reader.type, writer.type);
      return fault === null ? [] : [`version ${reader.version} cannot read ${writer.version}: ${fault}`];
    }),
  );
}

/** An Avro type from its JSON; throws when it is none. */
export function parseSchema(schemaJson: string): Type {
  return avsc.Type.forSchema(JSON.parse(schemaJson) as Schema);
}

function resolutionFault(reader: Type, writer: Type): string | null {
  try {
    reader.createResolver(writer);
    return null;
  } catch (error) {
    return String(error);
  }
}
