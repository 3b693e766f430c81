/**
 * Every failure the backbone can tell somebody about. What is thrown is an `AppError` (`errors.ts`) with a code of
 * this table.
 *
 * Kinds decide what the pipeline does (see `pipeline/retry-policy.ts`):
 * - `terminal`  trying again cannot help: dead letter at once;
 * - `retryable` the next rung of the retry ladder;
 * - `throttled` the source asked us to wait: no attempt is spent;
 * - `systemic`  a store, the broker or a model is down: the stage pauses, no attempt is spent.
 */

export type ErrorKind = 'terminal' | 'retryable' | 'throttled' | 'systemic';

export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** HTTP status when the error answers a request; a job's error is never sent as a status. */
  readonly status: number;
  /** One sentence for a person who does not program. `{name}` is replaced by a parameter. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

const request = (status: number, message: string, hint: string): ErrorEntry => ({
  kind: 'terminal',
  status,
  message,
  hint,
});
const terminal = (message: string, hint: string): ErrorEntry => request(422, message, hint);
const retryable = (message: string, hint: string): ErrorEntry => ({
  kind: 'retryable',
  status: 502,
  message,
  hint,
});
const throttled = (message: string, hint: string): ErrorEntry => ({
  kind: 'throttled',
  status: 503,
  message,
  hint,
});
const systemic = (message: string, hint: string): ErrorEntry => ({
  kind: 'systemic',
  status: 503,
  message,
  hint,
});

const UPLOAD_INSTEAD = 'Save it in a browser and upload the file instead.';
const WAIT_FOR_RETRY = 'It is tried again by itself; if it keeps failing, check the address in a browser.';

export const ERRORS = {
  // Requests
  invalid_request: request(
    422,
    'The request has fields that cannot be used.',
    'Correct the fields listed under errors.',
  ),
  malformed_json: request(
    400,
    'The request body is not valid JSON.',
    'Send a JSON object, in UTF-8, with Content-Type: application/json.',
  ),
  unauthorized: request(
    401,
    'The API key is missing or not known.',
    'Send it as "Authorization: Bearer KEY"; the first key is in the file api-key of the data folder.',
  ),
  forbidden: request(
    403,
    'This API key may not do that: it lacks the scope {scope}.',
    'Use a key with that scope, or make one with npm run keys.',
  ),
  not_found: request(
    404,
    'There is nothing at this address, or it is not yours.',
    'Check the id and the path.',
  ),
  method_not_allowed: request(
    405,
    'This address does not accept the method {method}.',
    'Use one of: {allowed}.',
  ),
  payload_too_large: request(
    413,
    'The request is larger than the limit of {limit}.',
    'Send less, or raise {setting}.',
  ),
  body_too_large: request(
    413,
    'The request body is larger than the limit of {limit}.',
    'Send less at a time: split a batch, and upload files on their own.',
  ),
  unsupported_media_type: request(
    415,
    'The content type {mediaType} cannot be read here.',
    'Send one of: {allowed}.',
  ),
  range_not_satisfiable: request(
    416,
    'The file has only {sizeBytes} bytes.',
    'Ask for a range inside the file, or for the whole of it.',
  ),
  too_many_streams: request(
    429,
    'This API key already follows {limit} jobs at once.',
    'Close some of the streams, or ask for the status now and then.',
  ),
  malformed_http: request(400, 'The request is not valid HTTP.', 'Check the program that sends it.'),
  headers_too_large: request(
    431,
    'The address and headers of the request are larger than 16 KB.',
    'Send less in them, and the rest in the body.',
  ),
  request_timeout: request(408, 'The request did not arrive in time.', 'Send it again.'),
  conflict: request(
    409,
    'The request does not fit the present state: {reason}.',
    'Look at the status first, then try again.',
  ),
  idempotency_conflict: request(
    409,
    'This Idempotency-Key was already used with another request.',
    'Use a new key for a new request.',
  ),
  url_invalid: request(
    422,
    'This is not a complete web address.',
    'Give an address such as https://example.org/page.',
  ),
  url_scheme: request(
    422,
    'Addresses that begin with {scheme} cannot be fetched.',
    'Use an address that begins with http:// or https://, or upload the file.',
  ),
  url_forbidden: request(
    422,
    'The address leads to a place that must not be reached: {reason}.',
    'Use a public address; private networks can be named in FETCH_ALLOW_PRIVATE.',
  ),
  callback_forbidden: request(
    422,
    'The callback address must not be reached: {reason}.',
    'Name its host or network in CALLBACK_ALLOW.',
  ),
  unknown_content_type: request(
    422,
    'There is no content type called {contentType}.',
    'Use one of: {allowed}; or leave it out to have it detected.',
  ),
  upload_not_found: request(
    422,
    'There is no upload with this id; uploads are kept for 24 hours.',
    'Upload the file again and use the new upload_id.',
  ),
  batch_closed: request(409, 'This batch is closed and takes no more items.', 'Start a new batch.'),
  job_not_ended: request(
    409,
    'The job has not ended yet, so it cannot be tried again.',
    'Wait until it has ended, or cancel it first.',
  ),
  job_not_retryable: request(
    409,
    'The job has completed, so there is nothing to try again.',
    'Use reprocess to process the content anew.',
  ),
  job_ended: request(409, 'The job has already ended.', 'Look at its status.'),
  no_stored_file: request(
    409,
    'No original file is stored for this content, so it cannot be processed anew.',
    'Call reprocess with force=true to fetch it again.',
  ),
  internal_error: request(
    500,
    'Something went wrong on our side.',
    'Try again; if it happens again, look for the request_id in the log.',
  ),
  not_ready: request(503, 'The backbone is starting or stopping.', 'Try again in some seconds.'),

  // Fetching
  host_not_found: retryable(
    'The site {host} could not be found.',
    'Check the spelling of the address. ' + WAIT_FOR_RETRY,
  ),
  connection_refused: retryable('The site {host} does not accept connections.', WAIT_FOR_RETRY),
  connection_failed: retryable('The connection to {host} broke off.', WAIT_FOR_RETRY),
  tls_failed: retryable(
    'No secure connection to {host} could be made: {reason}.',
    'The site’s certificate may be wrong or out of date. ' + UPLOAD_INSTEAD,
  ),
  source_timeout: retryable('The site {host} did not answer in time.', WAIT_FOR_RETRY),
  source_server_error: retryable('The site answered with an error of its own ({status}).', WAIT_FOR_RETRY),
  source_throttled: throttled(
    'The site asks us to wait before the next request.',
    'Nothing to do: it is tried again at the time the site named.',
  ),
  source_not_found: terminal('There is no page at this address (404).', 'Check the address in a browser.'),
  source_gone: terminal('The page was removed by its site (410).', 'Look for another copy of it.'),
  source_needs_login: terminal('The site wants a sign-in before it shows this page (401).', UPLOAD_INSTEAD),
  source_forbidden: terminal('The site refuses to show this page to us (403).', UPLOAD_INSTEAD),
  source_legal_block: terminal(
    'The page may not be shown for legal reasons (451).',
    'Look for another copy of it.',
  ),
  source_rejected: terminal('The site refused the request ({status}).', 'Check the address in a browser.'),
  redirect_limit: terminal(
    'The address leads from one page to the next without an end.',
    'Open it in a browser and use the address it ends at.',
  ),
  source_too_large: terminal(
    'The source is larger than the limit of {limit}.',
    'Raise {setting}, or ingest a part of it.',
  ),
  source_empty: terminal('The source is empty.', 'Check the address or the file.'),
  source_undecodable: terminal(
    'The site sent its answer packed in a way that cannot be unpacked.',
    UPLOAD_INSTEAD,
  ),
  feed_gone: terminal(
    'The site says that this feed is gone for good (410), so it is asked no more.',
    'Delete the subscription, or set paused to false to try once more.',
  ),
  not_a_feed: terminal(
    'There is no feed (RSS, Atom or JSON Feed) at this address.',
    'Use the address of the feed itself; many sites link to it under RSS or Subscribe.',
  ),
  robots_disallowed: terminal(
    'The site’s robots.txt asks programs not to read this page.',
    'Ask the site’s owner, or set FETCH_ROBOTS=ignore.',
  ),

  // Content
  type_mismatch: terminal(
    'The source is {actual}, so it cannot be processed as {wanted}.',
    'Leave content_type out, or give the right one.',
  ),
  unsupported_type: terminal(
    'Files of this kind ({actual}) cannot be processed.',
    'Convert it to a supported kind, such as PDF, DOCX, HTML or plain text.',
  ),
  no_text: terminal('No text could be found in it.', 'Check that the source really holds text.'),
  no_text_layer: terminal(
    'The pages are pictures without text.',
    'Allow text recognition (option ocr, setting OCR), or run it over the file and upload it again.',
  ),
  no_words_recognised: terminal(
    'Text recognition found no words in the pictures.',
    'Check that they show text, and that OCR_LANGUAGES names its language.',
  ),
  ocr_failed: terminal(
    'The text in the pictures could not be recognised. {reason}',
    'Check that the file opens in a viewer; raise the setting that is named, if there is one.',
  ),
  ocr_language_missing: terminal(
    'There is no usable model to recognise text in this language: {language}.',
    'Put its file (such as deu.traineddata) into the folder OCR_DATA, or change OCR_LANGUAGES.',
  ),
  picture_too_large: terminal(
    'The picture has {width} x {height} pixels; the limit is {limit} million.',
    'Make it smaller: 300 dots an inch are enough for text recognition.',
  ),
  episode_not_found: terminal(
    'The feed has no episode {episode}.',
    'Name a guid or number that the feed has, or latest, in options.episode. Old episodes are often no longer in the feed.',
  ),
  no_episode: terminal(
    'The page is about no episode that can be read: it has no recording, and no feed of it lists this page.',
    'Give the address of the podcast’s feed and name the episode in options.episode, or give that of the recording.',
  ),
  no_public_audio: terminal(
    '{place} has this recording for its own players only.',
    'Look for the episode on the podcast’s own site or in its feed; many are published there as well.',
  ),
  directory_unreadable: retryable(
    'The directory of podcasts gave an answer that cannot be read.',
    WAIT_FOR_RETRY,
  ),
  transcriber_missing: terminal(
    'There is no transcript, and no service is set that could make one; only what is written beside the recording was read.',
    'Set TRANSCRIBER_URL, then try the job again: it goes on at this stage. Or upload the transcript as a file (SRT or WebVTT).',
  ),
  ffmpeg_missing: terminal(
    'The recording has to be converted or cut before it can be transcribed, and there is no ffmpeg: {reason}.',
    'Install ffmpeg, or name it in FFMPEG_PATH, then try the job again: it goes on at this stage.',
  ),
  no_speech: terminal(
    'Nobody speaks in the recording, so there is nothing to write down.',
    'Check the recording; music and silence have no text.',
  ),
  captions_none: terminal(
    'The video has neither captions nor a description.',
    'Upload a transcript of it as a file (SRT or WebVTT).',
  ),
  video_not_found: terminal(
    'The page shows no video whose file could be fetched.',
    'Send the address of the video file itself, or upload it, or leave out content_type to have the page read.',
  ),
  video_page_unreadable: retryable(
    'The server of the video gave an answer that could not be understood.',
    'It is tried again by itself; if it keeps failing, send the address of the video file itself.',
  ),
  po_token_required: terminal(
    'The video has captions, but YouTube sends them to browsers only.',
    'Try again later, or upload the captions as a file (SRT or WebVTT).',
  ),
  ip_blocked: terminal(
    'YouTube takes this machine for a robot and answers nothing, which says nothing about the video.',
    'Try again in some hours or from another network, or upload a transcript as a file (SRT or WebVTT).',
  ),
  video_private: terminal('The video is private.', 'Ask its owner to share it, or for a transcript.'),
  video_removed: terminal(
    'There is no such video: it was removed, or never was.',
    'Check the address in a browser.',
  ),
  video_age_restricted: terminal(
    'YouTube shows this video only to people who are signed in and old enough.',
    'Upload a transcript of it as a file (SRT or WebVTT).',
  ),
  video_region_limited: terminal(
    'The video is not shown in the country of this machine.',
    'Run the backbone in a country where it is shown, or upload a transcript.',
  ),
  video_members_only: terminal(
    'The video is shown only to people who pay for it.',
    'Upload a transcript of it as a file (SRT or WebVTT).',
  ),
  video_not_begun: terminal(
    'The broadcast begins in more than a day.',
    'Send the address again when it has ended.',
  ),
  video_live: throttled(
    'The video is being broadcast, or is about to be, so it has no captions yet.',
    'Nothing to do: it is tried again by itself, at first when the broadcast begins.',
  ),
  video_unplayable: terminal(
    'YouTube does not play this video: {reason}.',
    'Check the address in a browser.',
  ),
  list_not_found: terminal(
    'There is no such playlist or channel, or it lists no videos.',
    'Check the address in a browser; private lists cannot be read.',
  ),
  youtube_unreadable: retryable(
    'The answer of YouTube could not be understood.',
    'It is tried again by itself; if it keeps failing, YouTube has probably changed: look for a newer version.',
  ),
  youtube_switched_off: terminal(
    'Reading videos of YouTube is switched off.',
    'Name at least one way to read them in YOUTUBE_PROVIDERS.',
  ),
  libreoffice_missing: terminal(
    'Office files of the old kind (DOC, XLS, PPT) are read by LibreOffice, which is not installed.',
    'Install LibreOffice, or name it in LIBREOFFICE_PATH; or save the file as DOCX, XLSX or PPTX and upload that.',
  ),
  file_encrypted: terminal('The file is protected by a password.', 'Upload it without the protection.'),
  mail_encrypted: terminal(
    'The message is encrypted, so it cannot be read.',
    'Decrypt it in the mail program and save it again, or upload its text.',
  ),
  encrypted_drm: terminal(
    'The e-book is locked by copy protection (DRM).',
    'Use a copy without copy protection, from its publisher for example.',
  ),
  file_damaged: terminal(
    'The file is damaged and cannot be read.',
    'Open it in the program it was made with, save it again and upload that.',
  ),
  file_unsafe: terminal(
    'The file unpacks to far more than it should hold, so it was not read.',
    'Check where it comes from.',
  ),
  too_many_pages: terminal(
    'The document has {pages} pages, more than the limit of {limit}.',
    'Split it, or raise {setting}.',
  ),
  page_needs_login: terminal('The site showed a sign-in instead of the page.', UPLOAD_INSTEAD),
  page_is_captcha: terminal('The site showed a robot check instead of the page.', UPLOAD_INSTEAD),
  page_is_cookie_wall: terminal('The site showed a cookie question instead of the page.', UPLOAD_INSTEAD),
  page_not_found: terminal('The site showed a “page not found” page.', 'Check the address in a browser.'),
  page_needs_scripts: terminal('The page has no text unless its scripts run.', UPLOAD_INSTEAD),
  parser_crashed: retryable(
    'Reading the file made its reader fail.',
    'It is tried again by itself; if it keeps failing, the file is probably damaged.',
  ),
  parser_timeout: retryable(
    'Reading the file took longer than {limit}.',
    'It is tried again by itself; split the file, or raise {setting}.',
  ),
  stage_timeout: retryable(
    'The stage {stage} took longer than {limit}.',
    'It is tried again by itself; a smaller source, or a higher {setting}, helps.',
  ),
  attempts_exhausted: terminal(
    'The job ended its worker each time it was tried.',
    'The source is probably more than this machine can take; try a smaller one.',
  ),
  stage_failed: retryable(
    'An unexpected fault happened in the stage {stage}.',
    'It is tried again by itself; if it keeps failing, look for the job in the log.',
  ),
  undecodable_message: terminal('A message could not be read.', 'Look at it under dead letters.'),

  // Our own machinery
  store_unavailable: systemic(
    'The store {store} cannot be reached.',
    'Nothing to do for the job: it goes on when the store is back.',
  ),
  broker_unavailable: systemic(
    'The message broker cannot be reached.',
    'Nothing to do for the job: it goes on when the broker is back.',
  ),
  disk_full: systemic(
    'The disk of the backbone is full.',
    'Free some space: everything accepted is kept and goes on by itself.',
  ),
  embedder_unavailable: systemic(
    'The embedding service cannot be reached.',
    'Check EMBEDDER_URL; the job goes on when the service is back.',
  ),
  embedder_refused: terminal(
    'The embedding service refused the request: {reason}.',
    'Check EMBEDDER_URL and its key.',
  ),
  embedder_not_installed: systemic(
    'The embedding model needs a package that is not installed: @huggingface/transformers.',
    'Run "npm install --no-save @huggingface/transformers@4" in the folder of the backbone and start it again, or set EMBEDDER_URL to another model.',
  ),
  embedder_not_loaded: systemic(
    'The embedding model cannot be loaded: {reason}.',
    'Check EMBEDDER_URL and the model’s folder or, where it is fetched by name, the network; the job goes on when the model is there.',
  ),
  embedder_throttled: throttled(
    'The embedding service asks us to wait.',
    'Nothing to do: it is tried again at the time named.',
  ),
  transcriber_unavailable: systemic(
    'The transcription service cannot be reached.',
    'Check TRANSCRIBER_URL; the job goes on when the service is back.',
  ),
  transcriber_failed: retryable(
    'The transcription service failed: {reason}.',
    'It is tried again by itself, from the part that failed; if it keeps failing, look into the log of the service.',
  ),
  transcriber_refused: terminal(
    'The transcription service refused the request: {reason}.',
    'Check TRANSCRIBER_URL and the model in it, then try the job again: it goes on at the part that was refused.',
  ),
  transcriber_unauthorized: terminal(
    'The transcription service does not accept the key.',
    'Check TRANSCRIBER_KEY, then try the job again: it goes on at this stage.',
  ),
  transcriber_throttled: throttled(
    'The transcription service asks us to wait.',
    'Nothing to do: it is tried again at the time named.',
  ),
  llm_failed: terminal(
    'The language model wrote nothing about this content: {reason}.',
    'Summary and tags are those made without it. Check LLM_URL, LLM_KEY and the service, then process the content again.',
  ),
  llm_budget_spent: terminal(
    'The language model was not asked: too little is left of the tokens it may use today.',
    'Summary and tags are those made without it. Raise LLM_DAILY_TOKENS, or process the content again tomorrow.',
  ),
  embedder_mismatch: request(
    503,
    'Stored vectors come from the model {stored}, but the model is now {current}.',
    'Search by words until the vectors are made anew: /readyz and npm run reembed show how far that is.',
  ),
  data_folder_locked: request(
    503,
    'The data folder {folder} is in use by another backbone (process {pid}).',
    'Stop that one, or set DATA_DIR to another folder.',
  ),
  data_folder_damaged: request(
    503,
    'The data folder {folder} cannot be opened: {reason}.',
    'Restore it from a backup, or set DATA_DIR to a new folder.',
  ),
  config_invalid: request(
    500,
    'The settings cannot be used: {faults}.',
    'Correct the settings named; the README lists them all.',
  ),
  port_in_use: request(
    503,
    'The port {port} on {host} is already in use.',
    'Stop the other program, or set PORT to another number.',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
