"""Writes keepers-year.epub, an EPUB 3 book of three chapters. Usage: python3 book.py keepers-year.epub"""

import sys
import zipfile

CHAPTERS = [
    ("winter", "Winter", [
        "In January the stairs are cold enough to burn a bare hand. The keeper wears gloves to climb them and takes "
        "them off at the top, since a wick cannot be trimmed with wool on the fingers. Two hundred and eleven steps, "
        "twice a night, make a fair walk by the end of the month.",
        "Ice on the panes is worse than snow. Snow falls off when the lamp warms the glass, but ice grows in ferns and "
        "breaks the beam into pieces. The keeper scrapes it from the gallery with a blade of whalebone, for iron would "
        "scratch, and counts the panes aloud so as not to forget one in the wind.",
    ]),
    ("spring", "Spring", [
        "When the geese come back the supply boat does, too. It brings oil in cans of five gallons, flour, letters and "
        "a new brush. The keeper signs for each can, pours a thimble from it into a saucer and lights it: oil that "
        "smokes goes back with the boat, and the harbour pays for the journey.",
        "April is for paint. The tower is white to be seen by day, so every spring it is washed from the top down and "
        "painted from the bottom up, two men on a plank and one on the rope. The one on the rope is the one who wants to "
        "go home at night.",
    ]),
    ("storms", "The Month of Storms", [
        "In October the sea climbs the rock. Spray reaches the gallery and salt dries on the lens, so that the beam is "
        "yellow by midnight. The keeper washes it with rain water from the cistern and dries it with a linen cloth that "
        "is used for nothing else.",
        "Nobody sleeps through a storm in a tower. It hums, and the hum has a pitch: the old keepers could tell from it "
        "how strong the wind was, and wrote the note into the logbook beside the number. The book is still there. "
        "On the worst night somebody has drawn a small treble clef.",
    ]),
]

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
"""


def package():
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name, _, _ in CHAPTERS
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name, _, _ in CHAPTERS)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:5b6f2c1e-0d5a-4b8e-9a51-2f6d6c1f9e01</dc:identifier>
<dc:title>The Keeper's Year</dc:title><dc:creator>Maud Ferrow</dc:creator><dc:language>en</dc:language><dc:date>2024-11-02</dc:date>
<meta property="dcterms:modified">2024-11-02T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}</manifest>
<spine>{spine}</spine></package>
"""


def page(title, body):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en"><head><title>{title}</title></head>
<body>{body}</body></html>
"""


def navigation():
    entries = "".join(f'<li><a href="{name}.xhtml">{title}</a></li>' for name, title, _ in CHAPTERS)
    return page("Contents", f'<nav epub:type="toc"><ol>{entries}</ol></nav>')


def write(archive, name, text, compression=zipfile.ZIP_DEFLATED):
    entry = zipfile.ZipInfo(name, (2024, 11, 2, 0, 0, 0))
    entry.compress_type = compression
    archive.writestr(entry, text)


with zipfile.ZipFile(sys.argv[1], "w") as book:
    write(book, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
    write(book, "META-INF/container.xml", CONTAINER)
    write(book, "OPS/package.opf", package())
    write(book, "OPS/nav.xhtml", navigation())
    for name, title, paragraphs in CHAPTERS:
        body = f"<h1>{title}</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        write(book, f"OPS/{name}.xhtml", page(title, body))
