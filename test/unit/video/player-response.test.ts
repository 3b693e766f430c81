import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import { assignedObject } from '../../../backbone/content/video/embedded-json.ts';
import { readPlayerResponse } from '../../../backbone/content/video/player-response.ts';
import { readWatchPage } from '../../../backbone/content/video/watch-page-provider.ts';
import { playerResponse, unplayable, watchPage } from '../../support/youtube-player.ts';

const ID = 'aaaaaaaaaaa';
const NOW = new Date('2026-01-01T00:00:00Z');
const SECONDS = NOW.getTime() / 1000;

function errorOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

const refusalOf = (response: unknown): AppError => errorOf(() => readPlayerResponse(response, ID, NOW));

describe('a player response', () => {
  test('gives the facts, the largest picture and the tracks', () => {
    const response = playerResponse({
      videoId: ID,
      description: 'One\r\n\r\nTwo',
      tracks: [
        { language: 'en', url: 'https://www.youtube.com/api/timedtext?v=a' },
        { language: 'de', url: 'https://www.youtube.com/api/timedtext?v=b', isAutomatic: true },
      ],
    });
    expect(readPlayerResponse(response, ID, NOW)).toEqual({
      facts: {
        videoId: ID,
        title: 'By the sea',
        author: 'Ann Lee',
        channelId: 'UCaaaaaaaaaaaaaaaaaaaaaa',
        durationSeconds: 600,
        publishedAt: '2024-05-01',
        description: 'One\n\nTwo',
        keywords: ['coast'],
        thumbnailUrl: `https://i.ytimg.com/vi/${ID}/hq.jpg?sqp=x&rs=y`,
      },
      tracks: [
        { language: 'en', name: 'en', isAutomatic: false, url: 'https://www.youtube.com/api/timedtext?v=a' },
        { language: 'de', name: 'de', isAutomatic: true, url: 'https://www.youtube.com/api/timedtext?v=b' },
      ],
    });
  });

  test('with next to nothing gives nulls, and leaves out what is no track', () => {
    const response = {
      playabilityStatus: { status: 'OK' },
      videoDetails: { videoId: ID, lengthSeconds: '0', title: '  ', thumbnail: { thumbnails: [] } },
      microformat: { playerMicroformatRenderer: { uploadDate: 'yesterday' } },
      captions: {
        playerCaptionsTracklistRenderer: { captionTracks: [{}, 7, { baseUrl: 'x', languageCode: 'en' }] },
      },
    };
    const { facts, tracks } = readPlayerResponse(response, ID, NOW);
    expect(Object.values(facts).filter((fact) => fact !== null)).toEqual([ID, []]);
    expect(tracks).toEqual([{ language: 'en', name: 'en', isAutomatic: false, url: 'x' }]);
  });

  test.each([
    ['LOGIN_REQUIRED', 'Sign in to confirm you’re not a bot', 'ip_blocked'],
    ['LOGIN_REQUIRED', 'This video is private', 'video_private'],
    ['LOGIN_REQUIRED', 'This video may be inappropriate for some users.', 'video_age_restricted'],
    ['LOGIN_REQUIRED', 'Sign in to confirm your age', 'video_age_restricted'],
    ['AGE_CHECK_REQUIRED', '', 'video_age_restricted'],
    ['UNPLAYABLE', 'The uploader has not made this video available in your country', 'video_region_limited'],
    ['UNPLAYABLE', "This video is available to this channel's members on level: Gold", 'video_members_only'],
    ['UNPLAYABLE', 'This video is only available to Music Premium members', 'video_members_only'],
    ['ERROR', 'Video unavailable', 'video_removed'],
    ['ERROR', '', 'video_removed'],
    ['UNPLAYABLE', 'This video has been removed by the uploader', 'video_removed'],
    ['CUSTOM', 'Something else', 'video_unplayable'],
    ['CUSTOM', '', 'video_unplayable'],
  ])('%s: %s is %s', (status, reason, code) => {
    expect(refusalOf(unplayable(status, reason)).code).toBe(code);
  });

  test('tells the reason that it does not know', () => {
    expect(refusalOf(unplayable('CUSTOM', 'Out  of\norder')).message).toContain('Out of order');
  });

  test('without a reason is read by its messages', () => {
    const messages = { messages: ['This is a private video.'] };
    expect(refusalOf({ playabilityStatus: { status: 'LOGIN_REQUIRED', ...messages } }).code).toBe(
      'video_private',
    );
  });

  test.each([
    [600, 900_000],
    [3600, 3_600_000],
  ])('of a broadcast that begins in %s seconds is looked at again in %s ms', (seconds, waitMs) => {
    const slate = { liveStreamOfflineSlateRenderer: { scheduledStartTime: String(SECONDS + seconds) } };
    const more = { liveStreamability: { liveStreamabilityRenderer: { offlineSlate: slate } } };
    expect(refusalOf(unplayable('LIVE_STREAM_OFFLINE', 'Soon', more))).toMatchObject({
      code: 'video_live',
      kind: 'throttled',
      retryAfterMs: waitMs,
    });
  });

  test('of a broadcast that begins in days is not waited for', () => {
    const slate = { liveStreamOfflineSlateRenderer: { scheduledStartTime: String(SECONDS + 200_000) } };
    const more = { liveStreamability: { liveStreamabilityRenderer: { offlineSlate: slate } } };
    expect(refusalOf(unplayable('LIVE_STREAM_OFFLINE', 'Soon', more)).code).toBe('video_not_begun');
  });

  test('of a broadcast that goes on is looked at again', () => {
    const response = { playabilityStatus: { status: 'OK' }, videoDetails: { videoId: ID, isLive: true } };
    expect(refusalOf(response)).toMatchObject({ code: 'video_live', retryAfterMs: 900_000 });
  });

  test.each([[null], ['text'], [{ other: 1 }], [playerResponse({ videoId: 'bbbbbbbbbbb' })]])(
    'that is none, or of another video, is not understood: %j',
    (response) => {
      expect(refusalOf(response).code).toBe('youtube_unreadable');
    },
  );

  test('without anything is how an id is answered that no video has', () => {
    expect(refusalOf({}).code).toBe('video_removed');
  });

  test('of any JSON is read or refused with an error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (playabilityStatus, videoDetails) => {
        expect(refusalOf({ playabilityStatus, videoDetails })).toBeInstanceOf(AppError);
      }),
    );
  });
});

describe('a watch page', () => {
  test('holds the player response, whichever way it is assigned', () => {
    const response = playerResponse({ videoId: ID, description: 'Braces } and "quotes" \\ in {texts' });
    const page = watchPage(response);
    const older = `<script>window["ytInitialPlayerResponse"] = ${JSON.stringify(response)};</script>`;
    for (const html of [page, older])
      expect(readWatchPage(html, ID, NOW).facts.description).toBe('Braces } and "quotes" \\ in {texts');
  });

  test.each([
    ['<div class="g-recaptcha">', 'ip_blocked'],
    ['<form action="https://consent.youtube.com/s">', 'page_is_cookie_wall'],
    ['<html>', 'youtube_unreadable'],
  ])('in its place %s is %s', (html, code) => {
    expect(errorOf(() => readWatchPage(html, ID, NOW)).code).toBe(code);
  });
});

describe('an object assigned to a name', () => {
  test('is found again in any page', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        (before, value, after) => {
          fc.pre(!before.includes('name'));
          const text = JSON.stringify(value);
          expect(assignedObject(`${before};name = ${text};${after}`, 'name')).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test.each(['', 'name', 'name = {', 'name = {"a', 'name = {"a\\', 'name = {a}', 'name == {}'])(
    'is not in %s',
    (page) => {
      expect(assignedObject(page, 'name')).toBeNull();
    },
  );
});
