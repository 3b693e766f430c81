/** Knows which number stands for which message schema. Numbers never change their meaning. */
export interface SchemaRegistry {
  /**
   * The id under which exactly this schema is registered for the subject. Nothing is registered here: that
   * is a step of the deployment. Rejects with `config_invalid` when it is not, `broker_unavailable` when the
   * registry cannot be reached.
   */
  idOf(subject: string, schemaJson: string): Promise<number>;
  /**
   * The schema with this id, as JSON. Rejects with `undecodable_message` when there is none,
   * `broker_unavailable` when the registry cannot be reached.
   */
  schemaById(id: number): Promise<string>;
}
