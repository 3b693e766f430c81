declare module '@distube/ytdl-core/lib/info.js' {
  interface Options {
    readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
    readonly lang: string;
  }
  const info: {
    readonly cache: Map<string, unknown>;
    readonly watchPageCache: Map<string, unknown>;
    getBasicInfo(url: string, options: Options): Promise<{ readonly player_response: unknown }>;
  };
  export default info;
}

declare module '@distube/ytdl-core/lib/utils.js' {
  const utils: { lastUpdateCheck: number };
  export default utils;
}
