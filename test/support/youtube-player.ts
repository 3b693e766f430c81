/** Answers of YouTube in the shapes in which it gives them, made by hand. */

export interface PlayerParts {
  readonly videoId: string;
  readonly title?: string;
  readonly author?: string;
  readonly description?: string;
  readonly seconds?: number;
  readonly tracks?: readonly {
    readonly language: string;
    readonly url: string;
    readonly isAutomatic?: boolean;
  }[];
}

export function playerResponse(parts: PlayerParts): Record<string, unknown> {
  const {
    videoId,
    title = 'By the sea',
    author = 'Ann Lee',
    description = '',
    seconds = 600,
    tracks = [],
  } = parts;
  const captionTracks = tracks.map(({ language, url, isAutomatic = false }) => ({
    baseUrl: url,
    name: { runs: [{ text: language }] },
    languageCode: language,
    ...(isAutomatic ? { kind: 'asr' } : {}),
  }));
  return {
    playabilityStatus: { status: 'OK' },
    videoDetails: {
      videoId,
      title,
      author,
      channelId: 'UCaaaaaaaaaaaaaaaaaaaaaa',
      lengthSeconds: String(seconds),
      shortDescription: description,
      keywords: ['coast'],
      thumbnail: {
        thumbnails: [
          { url: `https://i.ytimg.com/vi/${videoId}/default.jpg`, width: 120 },
          { url: `https://i.ytimg.com/vi/${videoId}/hq.jpg?sqp=x&rs=y`, width: 480 },
        ],
      },
    },
    microformat: { playerMicroformatRenderer: { publishDate: '2024-05-01' } },
    ...(tracks.length === 0 ? {} : { captions: { playerCaptionsTracklistRenderer: { captionTracks } } }),
  };
}

export function unplayable(status: string, reason: string, more: object = {}): Record<string, unknown> {
  return { playabilityStatus: { status, reason, ...more } };
}

export function watchPage(response: object, data: object = {}): string {
  return `<html><script>if (window.ytInitialPlayerResponse) x();
    var ytInitialPlayerResponse = ${JSON.stringify(response)};var meta = {};</script>
    <script>var ytInitialData = ${JSON.stringify(data)};</script></html>`;
}

export function json3(
  lines: readonly (readonly [startMs: number, durationMs: number, text: string])[],
): string {
  return JSON.stringify({
    wireMagic: 'pb3',
    events: [
      { tStartMs: 0, dDurationMs: 1000, id: 1 },
      ...lines.map(([tStartMs, dDurationMs, text]) => ({ tStartMs, dDurationMs, segs: [{ utf8: text }] })),
    ],
  });
}
