#!/usr/bin/env python3
"""Writes the pinned Unicode tables of MediaHash (Apps/Copyright/MediaHash/Text/UnicodeBlob.swift) to standard output.

Needs the PyPI package unicodedata2, whose version is the Unicode version: pip install unicodedata2==18.0.0
The form of the bytes is described in UnicodeData.swift.
"""
import base64, sys, unicodedata
import unicodedata2 as u

LAST = 0x110000
def leb(n):
    out = bytearray()
    while True:
        out.append((n & 127) | (128 if n > 127 else 0)); n >>= 7
        if not n: return bytes(out)
def zig(n): return leb(n << 1 if n >= 0 else (-n << 1) - 1)

def runs(f):
    start, value = 0, f(0)
    for c in range(1, LAST):
        v = f(c)
        if v != value: yield start, c - start, value; start, value = c, v
    yield start, LAST - start, value

blob = bytearray()
classes = {'C': 2, 'M': 1, 'P': 1}
part = list(runs(lambda c: classes.get(u.category(chr(c))[0], 0)))
blob += leb(len(part))
for _, n, v in part: blob += leb(n << 2 | v)

part = [r for r in runs(lambda c: u.combining(chr(c))) if r[2]]
blob += leb(len(part)); last = 0
for s, n, v in part: blob += leb(s - last) + leb(n) + leb(v); last = s

# Simple lower case: Python's own table lags behind, so newer letters come from the names' pairs.
def lower(c):
    ch = chr(c)
    low = ch.lower()
    if len(low) == 1 and low != ch: return ord(low)
    if unicodedata.category(ch) == 'Cn' and u.category(ch) == 'Lu':
        name = u.name(ch, '')
        for a, b in ((' CAPITAL ', ' SMALL '), ('CAPITAL ', 'SMALL ')):
            if a in name:
                try: return ord(u.lookup(name.replace(a, b)))
                except KeyError: pass
    return c
part = [(c, lower(c)) for c in range(LAST) if lower(c) != c]
blob += leb(len(part)); last = 0
for c, l in part: blob += leb(c - last) + zig(l - c); last = c

part = []
for c in range(LAST):
    if 0xAC00 <= c < 0xAC00 + 11172: continue
    d = u.decomposition(chr(c)).split()
    if not d: continue
    compat = d[0].startswith('<')
    scalars = [int(x, 16) for x in (d[1:] if compat else d)]
    composes = not compat and len(scalars) == 2 and u.normalize('NFC', chr(c)) == chr(c)
    part.append((c, scalars, compat, composes))
blob += leb(len(part)); last = 0
for c, s, compat, composes in part:
    blob += leb(c - last) + leb(len(s) << 2 | composes << 1 | compat); last = c
    prev = c
    for x in s: blob += zig(x - prev); prev = x

text = base64.b64encode(bytes(blob)).decode()
print(f"""/// The tables of the Unicode Character Database {u.unidata_version} that text normalisation needs, packed.
///
/// Written by `.ci/unicode-tables.py`; the form is described at `UnicodeData`.
enum UnicodeBlob {{
  /// The version of the Unicode Character Database.
  static let version = "{u.unidata_version}"

  /// The packed tables in base64.
  static let base64: StaticString = \"\"\"""")
W = 112
lines = [text[i:i+W] for i in range(0, len(text), W)]
for i, l in enumerate(lines): print("    " + l + ("\\" if i + 1 < len(lines) else ""))
print('    """\n}')
print(len(blob), "bytes,", len(lines), "lines", file=sys.stderr)
