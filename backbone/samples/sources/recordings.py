"""
Writes episode.mp3 and film.mp4: speech by flite, packed by ffmpeg. The episode carries its transcript and chapters as
ID3 frames, the film has subtitles. Usage: python3 recordings.py FOLDER (flite and ffmpeg on the PATH)
"""

import struct
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

# Each line is spoken by itself, so that its time is known.
EPISODE = [
    ("The bell", "Welcome to Salt and Light, the talk about the coast."),
    (None, "Today we ask how ships were warned before there were lamps."),
    (None, "The oldest warning is a bell on a buoy. The waves ring it, so it is silent in a calm."),
    ("The horn", "Then came the fog horn, driven by compressed air."),
    (None, "A boiler had to be heated for it, and that took an hour, so the fog was often gone before the first blast."),
    (None, "The keepers burned driftwood to keep the boiler warm through the night."),
    (None, "Next time we open a logbook. Until then, keep a good lookout."),
]
FILM = [
    "How to trim a wick.",
    "First put out the flame and let the burner cool.",
    "Then cut the charred edge straight across with curved scissors.",
    "Round off the two corners, or the flame will have horns and soot the glass.",
    "Light it low, and raise it when the chimney is warm.",
]
PAUSE_SECONDS = 0.4


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def spoken(lines, folder, voice):
    """One WAV file of all lines, and the second at which each begins, with the end of the last."""
    frames, times, rate = b"", [], 16000
    for line in lines:
        part = folder / "line.wav"
        run("flite", "-voice", voice, "-t", line, "-o", str(part))
        with wave.open(str(part)) as read:
            rate = read.getframerate()
            times.append(len(frames) / 2 / rate)
            frames += read.readframes(read.getnframes()) + b"\0\0" * int(PAUSE_SECONDS * rate)
    path = folder / "all.wav"
    with wave.open(str(path), "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes(frames)
    return path, times + [len(frames) / 2 / rate]


def frame(name, body):
    return name.encode() + synchsafe(len(body)) + b"\0\0" + body


def synchsafe(size):
    """Seven bits a byte, as ID3 2.4 has all sizes."""
    return bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])


def text_frame(name, text):
    return frame(name, b"\x03" + text.encode())


def tag(title, author, date, notes, lines, times):
    synchronised = b"\x03eng\x02\x01\0" + b"".join(
        line.encode() + b"\0" + struct.pack(">I", int(at * 1000)) for line, at in zip(lines, times)
    )
    starts = [index for index, (chapter, _) in enumerate(EPISODE) if chapter] + [len(EPISODE)]
    chapters = b"".join(
        frame("CHAP", f"c{first}".encode() + b"\0"
              + struct.pack(">IIII", int(times[first] * 1000), int(times[end] * 1000), 0xFFFFFFFF, 0xFFFFFFFF)
              + text_frame("TIT2", EPISODE[first][0]))
        for first, end in zip(starts, starts[1:])
    )
    body = (text_frame("TIT2", title) + text_frame("TPE1", author) + text_frame("TALB", "Salt and Light")
            + text_frame("TLAN", "eng") + text_frame("TDRC", date) + text_frame("TDES", notes)
            + frame("SYLT", synchronised) + chapters)
    return b"ID3\x04\0\0" + synchsafe(len(body)) + body


def clock(seconds):
    milliseconds = round(seconds * 1000)
    return f"{milliseconds // 3600000:02}:{milliseconds // 60000 % 60:02}:{milliseconds // 1000 % 60:02},{milliseconds % 1000:03}"


def episode(target, folder):
    lines = [line for _, line in EPISODE]
    sound, times = spoken(lines, folder, "rms")
    packed = folder / "episode.mp3"
    run("ffmpeg", "-y", "-i", str(sound), "-ac", "1", "-ar", "16000", "-b:a", "16k", "-map_metadata", "-1",
        "-write_xing", "0", "-id3v2_version", "0", str(packed))
    notes = "Bells and horns: how ships were warned in fog, and why a boiler was kept warm all night."
    head = tag("Bells and Horns", "Nora Fisk", "2025-02-11", notes, lines, times)
    target.write_bytes(head + packed.read_bytes())


def film(target, folder):
    sound, times = spoken(FILM, folder, "slt")
    subtitles = folder / "film.srt"
    subtitles.write_text("\n".join(
        f"{at + 1}\n{clock(times[at])} --> {clock(times[at + 1])}\n{line}\n" for at, line in enumerate(FILM)))
    picture = "color=c=0x1d3b53:s=320x180:r=2"
    lamp = "drawbox=x=140:y=60:w=40:h=70:color=0xf2c14e:t=fill,drawbox=x=120:y=130:w=80:h=20:color=0x7a4b2a:t=fill"
    run("ffmpeg", "-y", "-f", "lavfi", "-i", picture, "-i", str(sound), "-i", str(subtitles), "-vf", lamp,
        "-t", str(times[-1]), "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "24k", "-ac", "1",
        "-ar", "16000", "-c:s", "mov_text", "-metadata:s:s:0", "language=eng", "-metadata", "title=How to Trim a Wick",
        "-metadata", "artist=Olav Brand", "-metadata", "date=2025-03-20", "-movflags", "+faststart",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", str(target))


with tempfile.TemporaryDirectory() as name:
    out = Path(sys.argv[1])
    episode(out / "episode.mp3", Path(name))
    film(out / "film.mp4", Path(name))
