import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Contents of every type. Texts and chunks are partitioned by type: each type's own migration adds its
 * partitions (`webpage_content`, `document_chunks` ...) and its metadata table.
 */
export class CreateContents implements MigrationInterface {
  readonly name = 'CreateContents1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'contents',
  'content_texts',
  'content_chunks',
  'content_versions',
  'uploads',
  'deletions',
  'deletion_steps',
];

const UP = [
  `CREATE TABLE contents (
    user_id text NOT NULL,
    content_id text NOT NULL,
    content_type text NOT NULL,
    version integer NOT NULL,
    job_id text NOT NULL,
    url text,
    canonical_url text,
    title text,
    authors text[] NOT NULL DEFAULT '{}',
    language text,
    published_at text,
    description text,
    site_name text,
    image_url text,
    summary text,
    keywords jsonb NOT NULL DEFAULT '[]',
    entities jsonb NOT NULL DEFAULT '[]',
    tags text[] NOT NULL DEFAULT '{}',
    text_length integer NOT NULL,
    word_count integer NOT NULL,
    chunk_count integer NOT NULL,
    page_count integer,
    metadata jsonb NOT NULL DEFAULT '{}',
    type_metadata jsonb NOT NULL DEFAULT '{}',
    metadata_sources jsonb NOT NULL DEFAULT '{}',
    edited_fields text[] NOT NULL DEFAULT '{}',
    files jsonb NOT NULL DEFAULT '{}',
    warnings jsonb NOT NULL DEFAULT '[]',
    etag text,
    last_modified text,
    source_sha256 text,
    embedding_model text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (user_id, content_id)
  )`,
  `CREATE INDEX contents_listing ON contents (user_id, content_type, created_at DESC, content_id DESC)`,
  `CREATE INDEX contents_tags ON contents USING gin (tags)`,
  `CREATE TABLE content_texts (
    user_id text NOT NULL,
    content_id text NOT NULL,
    version integer NOT NULL,
    content_type text NOT NULL,
    text text NOT NULL,
    markdown text NOT NULL,
    PRIMARY KEY (content_type, user_id, content_id, version)
  ) PARTITION BY LIST (content_type)`,
  `CREATE TABLE content_chunks (
    user_id text NOT NULL,
    content_id text NOT NULL,
    version integer NOT NULL,
    content_type text NOT NULL,
    chunk_index integer NOT NULL,
    text text NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    token_count integer NOT NULL,
    locator jsonb NOT NULL,
    PRIMARY KEY (content_type, user_id, content_id, version, chunk_index)
  ) PARTITION BY LIST (content_type)`,
  `CREATE TABLE content_versions (
    user_id text NOT NULL,
    content_id text NOT NULL,
    last_version integer NOT NULL,
    last_job_id text NOT NULL,
    PRIMARY KEY (user_id, content_id)
  )`,
  `CREATE TABLE uploads (
    upload_id text PRIMARY KEY,
    user_id text NOT NULL,
    blob_key text NOT NULL,
    sha256 text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    file_name text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    job_id text
  )`,
  `CREATE INDEX uploads_expiry ON uploads (expires_at)`,
  `CREATE TABLE deletions (
    deletion_id text PRIMARY KEY,
    user_id text NOT NULL,
    content_id text NOT NULL,
    content_type text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    completed_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL
  )`,
  `CREATE UNIQUE INDEX deletions_one_open ON deletions (user_id, content_id) WHERE completed_at IS NULL`,
  `CREATE TABLE deletion_steps (
    deletion_id text NOT NULL REFERENCES deletions ON DELETE CASCADE,
    position smallint NOT NULL,
    store text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    removed jsonb NOT NULL DEFAULT '{}',
    error text,
    finished_at timestamptz,
    PRIMARY KEY (deletion_id, position)
  )`,
];
