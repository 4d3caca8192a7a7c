"""Checks a signed PDF against the rules of PDF/A-3b (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) that a
signature can break. Usage: pdf_rules.py FILE. Needs pyHanko, whose PDF reader it uses."""

import io
import re
import sys

from pyhanko.pdf_utils.reader import PdfFileReader

data = open(sys.argv[1], "rb").read()
reader = PdfFileReader(io.BytesIO(data))
root = reader.root
form = root["/AcroForm"]
fields = [field.get_object() for field in form["/Fields"]]
assert len(fields) == 1, fields
widget = fields[0]
signature = widget["/V"]
page = root["/Pages"]
while page["/Type"] == "/Pages":
    page = page["/Kids"][0]
flags = widget["/F"]
box = [float(x) for x in (page.get("/CropBox") or page["/MediaBox"])]
rect = [float(x) for x in widget["/Rect"]]
ranges = [int(x) for x in signature["/ByteRange"]]
contents = data[ranges[1] : ranges[2]]
metadata = root["/Metadata"].data

rules = {
    "PDF/A-3 6.3.2: Print is set, Hidden, Invisible, NoView, ToggleNoView are not":
        flags & 4 and not flags & (1 | 2 | 32 | 256),
    "PDF/A-3 6.3.3: no appearance is needed, for the widget has no area":
        rect[0] == rect[2] and rect[1] == rect[3],
    "PDF/A-3 6.4.1: NeedAppearances is absent or false":
        not form.get("/NeedAppearances", False),
    "PDF/A-3 6.4.1: no actions": not any(key in widget for key in ("/A", "/AA")),
    "PDF/A-3 6.4.3: ByteRange covers the whole file but /Contents":
        ranges[0] == 0 and ranges[2] + ranges[3] == len(data)
        and contents[:1] == b"<" and contents[-1:] == b">" and b">" not in contents[:-1],
    "PDF/A-3 6.1.12: nothing but DocMDP in Perms": list(root["/Perms"]) == ["/DocMDP"],
    "PDF/A-3 6.1.2: header, and a comment of four bytes above 127":
        re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", data),
    "PDF/A-3 6.1.3: an ID, and nothing after the last %%EOF":
        len(reader.trailer["/ID"]) == 2 and re.search(rb"%%EOF[\r\n]?$", data),
    "PDF/A-3 6.6.4 and PDF/UA-1 5: the metadata say both":
        b"<pdfaid:part>3<" in metadata and b"<pdfuaid:part>1<" in metadata,
    "PDF/UA-1 7.18.4: the widget is outside the crop box":
        rect[2] < box[0] or rect[3] < box[1],
    "PDF/UA-1 7.18.1, 7.18.3: the field has a description, the page its order of tabs":
        widget.get("/TU") and page["/Tabs"] == "/S",
}
broken = [rule for rule, met in rules.items() if not met]
print("\n".join(f"BROKEN {rule}" for rule in broken) or f"{len(rules)} rules met")
sys.exit(bool(broken))
