#!/usr/bin/env python3
"""Cuts the two Noto fonts down to what the report needs beside Pretendard.

    pip install fonttools
    npm pack @expo-google-fonts/noto-sans-kr@0.4.3 @expo-google-fonts/noto-emoji@0.4.7
    subset.py NotoSansKR_400Regular.ttf NotoEmoji_400Regular.ttf
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent


def is_hanja_or_kana(c: int) -> bool:
    return (
        0x3005 <= c <= 0x3007
        or 0x3041 <= c <= 0x30FF
        or 0x3400 <= c <= 0x9FFF
        or 0xF900 <= c <= 0xFAFF
        or 0x20000 <= c <= 0x3FFFF
    )


def is_symbol(c: int) -> bool:
    """Neither variation selectors nor tags nor the joiner: a reader does not see them."""
    return c >= 0x2190 and not 0xFE00 <= c <= 0xFE0F and not 0xE0000 <= c <= 0xEFFFF


def cut(source: str, target: str, keep) -> None:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=["*"],
        name_languages=["*"],
        name_legacy=True,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for c in font.getBestCmap() if keep(c)])
    subsetter.subset(font)
    font.save(HERE / target)


hanja, emoji = sys.argv[1:]
cut(hanja, "NotoSansKR-Hanja.ttf", is_hanja_or_kana)
cut(emoji, "NotoEmoji-Symbols.ttf", is_symbol)
