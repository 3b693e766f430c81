/** The port behind which YouTube is asked, and what it answers. */

export interface CaptionTrack {
  /** BCP 47, such as `en` or `pt-BR`. */
  readonly language: string;
  /** For people: "English (auto-generated)". */
  readonly name: string;
  readonly isAutomatic: boolean;
  /** Holds a signature that ends within hours. */
  readonly url: string;
}

/** What is said of a video. Null: the provider does not tell. */
export interface VideoFacts {
  readonly videoId: string;
  readonly title: string | null;
  readonly author: string | null;
  readonly channelId: string | null;
  readonly durationSeconds: number | null;
  /** ISO 8601, as precise as the source. */
  readonly publishedAt: string | null;
  readonly description: string | null;
  readonly keywords: readonly string[];
  readonly thumbnailUrl: string | null;
}

export interface VideoAnswer {
  readonly facts: VideoFacts;
  /** As YouTube orders them; empty when the video has none. */
  readonly tracks: readonly CaptionTrack[];
}

/**
 * One way to ask YouTube. What it throws says whether another one is worth asking (`provider-chain.ts`).
 * @throws AppError video_*, ip_blocked, page_is_cookie_wall, youtube_unreadable, source_*, or what the fetch module throws
 */
export interface YoutubeProvider {
  readonly name: YoutubeProviderName;
  read(videoId: string, signal: AbortSignal): Promise<VideoAnswer>;
}

export const YOUTUBE_PROVIDERS = ['innertube', 'watch-page', 'ytdl'] as const;
export type YoutubeProviderName = (typeof YOUTUBE_PROVIDERS)[number];

/** What the operator decided. */
export interface YoutubeSettings {
  /** Origin that stands in for YouTube's own hosts. */
  readonly baseUrl: string;
  /** In the order in which they are asked. */
  readonly providers: readonly YoutubeProviderName[];
}
