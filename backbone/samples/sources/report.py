"""Makes report.docx; see README.md for the command. Needs python-docx 1.1.2."""
import datetime
import sys

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FOOTNOTES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:footnotes {W}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> The nautical mile of 1,852 metres; the geographical range also depends on the height of the eye, here five metres.</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""

document = Document()
core = document.core_properties
core.title = "Inspection of the Skerry Light"
core.author = "Mara Ellingsen"
core.subject = "Lighthouse inspection"
core.keywords = "lighthouse, lens, inspection, fog signal"
core.language = "en-GB"
core.comments = "Findings of the yearly inspection and what has to be done before winter."
core.created = core.modified = datetime.datetime(2025, 5, 20, 9, 0, 0)
core.last_modified_by = "Mara Ellingsen"

document.add_heading("Inspection of the Skerry Light", 0)
document.add_paragraph(
    "The tower on the outer skerry was inspected on 12 and 13 May 2025. The light was found in good order; "
    "the fog signal and the landing need repair before the autumn gales."
)
document.add_heading("The light", 1)
first = document.add_paragraph(
    "The lens is a Fresnel lens of the third order from 1891: rings of prisms bend the light of a small lamp into "
    "level beams. It floats in a trough of mercury and turns once in fifteen seconds, so that a ship sees one flash "
    "every five seconds. The lamp was changed to a light-emitting diode of 60 watts in 2014. From a height of "
    "41 metres it can be seen at 18 nautical miles"
)
first.add_run()._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="1"/>'))
first.add_run(" in clear air.")
document.add_heading("Measurements", 2)
document.add_paragraph("The table compares the measured values with those of the previous inspection.")
table = document.add_table(rows=1, cols=3)
table.style = "Light Grid Accent 1"
for cell, text in zip(table.rows[0].cells, ("Quantity", "2024", "2025")):
    cell.text = text
for row in (
    ("Period of one turn", "15.0 s", "15.1 s"),
    ("Luminous intensity", "214,000 cd", "209,000 cd"),
    ("Mercury level below the rim", "11 mm", "14 mm"),
    ("Battery after 48 hours", "71 %", "58 %"),
):
    for cell, text in zip(table.add_row().cells, row):
        cell.text = text
document.add_heading("The fog signal", 1)
signal = document.add_paragraph(
    "The signal gives two blasts every minute when the visibility falls below two miles. One of its four drivers is "
    "silent, which shortens the range on the northern side from two miles to little more than one."
)
signal.add_run()._r.append(
    parse_xml(
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml">'
        '<v:shape style="width:200pt;height:60pt" type="#_x0000_t202"><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>Warning to mariners: until repaired, do not rely on hearing the signal north of the skerry.</w:t>"
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
)
document.add_heading("What has to be done", 1)
for task in (
    "Replace the silent driver of the fog signal and measure its range anew.",
    "Fill up the mercury trough; the work needs a ventilated lantern room and two people.",
    "Exchange the batteries, which are nine years old.",
):
    document.add_paragraph(task, style="List Number")
document.add_paragraph("Material that must be ordered by July:")
for item in ("one compression driver, 300 hertz", "four kilograms of mercury", "twelve cells of 2 volts"):
    document.add_paragraph(item, style="List Bullet")
document.add_heading("The landing", 1)
document.add_paragraph(
    "The lower six steps of the landing have been loosened by the sea. Boats can land only around low water at neap "
    "tides, when the swell is small. The mason proposes granite steps with bolts of bronze, as they were laid in 1891."
)
part = Part(
    PackURI("/word/footnotes.xml"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
    FOOTNOTES.encode(),
    document.part.package,
)
document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
document.save(sys.argv[1])
