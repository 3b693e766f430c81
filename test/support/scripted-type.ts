import { z } from 'zod';
import {
  ContentManager,
  type StageContext,
  type StageResult,
} from '../../backbone/content/content-manager.ts';
import type { ContentType } from '../../backbone/content/content-type.ts';
import { hashedIdentity } from '../../backbone/content/identity.ts';
import { typeTablesMigration } from '../../backbone/content/type-tables.ts';
import { AppError, isErrorCode } from '../../backbone/errors.ts';
import { STAGES, type Stage } from '../../backbone/pipeline/stages.ts';

/** What a test does in place of a stage. Throwing fails the attempt. */
export type StageScript = (stage: Stage, context: StageContext) => Promise<void>;

/**
 * A content type of six stages that do nothing, but for what a test's script does in them. It claims the
 * addresses of the host `scripted.example`.
 */
export function scriptedType(script: StageScript = () => Promise.resolve()): ContentType {
  const type: ContentType = {
    type: 'scripted',
    label: 'scripted content',
    stages: STAGES,
    mediaTypes: ['application/x-scripted'],
    fileMediaTypes: [],
    blobPrefix: 'scripted/',
    parserUrl: 'none:',
    sizeLimit: 'MAX_PAGE_MB',
    options: z.object({ note: z.string().optional() }),
    tables: {
      entities: [],
      migrations: [
        typeTablesMigration('CreateScripted1764000009001', {
          type: 'scripted',
          texts: 'scripted_content',
          chunks: 'scripted_chunks',
          metadata: 'scripted_metadata',
          columns: 'note text',
        }),
      ],
    },
    metadataTable: 'scripted_metadata',
    filters: [],
    claimsUrl: (url) => url.hostname === 'scripted.example',
    identify: hashedIdentity,
    saveMetadata: () => Promise.resolve(),
    createManager: (ports) => new ScriptedManager(type, ports, script),
  };
  return type;
}

class ScriptedManager extends ContentManager {
  readonly #script: StageScript;

  constructor(
    type: ContentType,
    ports: ConstructorParameters<typeof ContentManager>[1],
    script: StageScript,
  ) {
    super(type, ports);
    this.#script = script;
  }

  override async run(stage: Stage, context: StageContext): Promise<StageResult> {
    await this.#script(stage, context);
    if (stage !== 'store') return { kind: 'next', artifact: { stage } };
    const nothing = (): Promise<void> => Promise.resolve();
    return { kind: 'completed', warnings: [], commit: nothing, afterCommit: nothing };
  }
}

/** Fails with a code of the table, or with a plain error for any other text. */
export function failure(code: string, retryAfterMs?: number): Error {
  if (!isErrorCode(code)) return new Error(code);
  return new AppError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
}
