#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fifty forwarding rules, each written twice: in Dozo's condition language, and by hand in Python over pydicom.

Makes the expectation tables that RuleTableTest compares Dozo's own evaluation with:

    /usr/bin/python3 tools/rule-oracle.py ../shared/data ejb/src/test/resources/org/dozo/forward/rules

rules.tsv      the conditions, one a line
shared.tsv     path of a file below the data folder, and one digit a rule: 1 matches, 0 does not
made.tsv       an object that this script makes up (DICOM JSON Model), and the digits

Nothing here knows Dozo's code: the right column is the reader's own understanding of docs/operations/forwarding-rules.md.
"""
import datetime
import json
import random
import re
import sys
import warnings
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

warnings.simplefilter("ignore")
TODAY = datetime.date(2026, 11, 22)

# pydicom reads what it can of them; no archive takes them (docs/conformance/given-files.md).
REFUSED = {"dicom/MR/fo-dicom__GH1339.dcm", "dicom/US/fo-dicom__GH364.dcm"}


def raw(ds, keyword):
    """The values as texts, without outer spaces and NULs; those of an absent or empty attribute are none."""
    try:
        value = ds.get(keyword) if isinstance(keyword, str) else (ds[keyword].value if keyword in ds else None)
    except Exception:
        return []
    if value is None:
        return []
    values = list(value) if isinstance(value, (MultiValue, list)) else [value]
    texts = []
    for each in values:
        text = getattr(each, "original_string", None)
        text = str(each) if not isinstance(text, str) else text
        text = text.strip(" \0")
        if text:
            texts.append(text)
    return texts


def low(ds, keyword):
    return [v.lower() for v in raw(ds, keyword)]


def num(ds, keyword):
    out = []
    for v in raw(ds, keyword):
        try:
            out.append(float(v))
        except ValueError:
            pass
    return out


def has(ds, keyword):
    return bool(raw(ds, keyword))


def seq(ds, *keywords):
    items = [ds]
    for k in keywords:
        items = [i for parent in items for i in (parent.get(k) or [])]
    return items


def rx(pattern, values, flags=0):
    return any(re.search(pattern, v, flags) for v in values)


def dates(ds, keyword):
    out = []
    for v in raw(ds, keyword):
        m = re.fullmatch(r"(\d{4})[-.]?(\d\d)[-.]?(\d\d)", v)
        if m:
            try:
                out.append(datetime.date(*map(int, m.groups())))
            except ValueError:
                pass
    return out


def seconds(ds, keyword):
    out = []
    for v in raw(ds, keyword):
        m = re.fullmatch(r"(\d\d)(?::?(\d\d)(?::?(\d\d)(\.\d{1,6})?)?)?", v)
        if m and int(m[1]) < 24 and int(m[2] or 0) < 60 and int(m[3] or 0) <= 60:
            out.append(int(m[1]) * 3600 + int(m[2] or 0) * 60 + min(59, int(m[3] or 0)) + float(m[4] or 0))
    return out


def study(ds):
    d = dates(ds, "StudyDate")[:1] if has(ds, "StudyDate") else []
    return d


def years(ds):
    """Patient's Age in days."""
    out = []
    for v in raw(ds, "PatientAge"):
        m = re.fullmatch(r"(\d{1,5})\s*([DWMYdwmy])", v)
        if m:
            out.append(int(m[1]) * {"D": 1, "W": 7, "M": 365.25 / 12, "Y": 365.25}[m[2].upper()])
    return out


def names(ds, keyword):
    out = []
    for v in raw(ds, keyword):
        for part in [v] + (v.split("=") if "=" in v else []):
            part = part.rstrip("^= ").strip()
            if part:
                out.append(part)
    return out


def rejection(ds):
    return low(ds, "SOPClassUID") == ["1.2.840.10008.5.1.4.1.1.88.59"] and any(
        raw(i, "CodingSchemeDesignator") == ["DCM"] and raw(i, "CodeValue")[:1] and raw(i, "CodeValue")[0]
        in ("113001", "113037", "113038", "113039") for i in seq(ds, "ConceptNameCodeSequence"))


def urgent(ds):
    return any(low(i, "RequestedProcedurePriority")[:1] == ["stat"] for i in [ds] + seq(ds, "RequestAttributesSequence"))


D = datetime.date
RULES = [
    ("all", lambda d: True),
    ("modality = CT", lambda d: "ct" in low(d, "Modality")),
    ("modality in (CT, MR)", lambda d: bool({"ct", "mr"} & set(low(d, "Modality")))),
    ("modality != US", lambda d: "us" not in low(d, "Modality")),
    ("modality not in (SR, KO, PR, DOC)", lambda d: not {"sr", "ko", "pr", "doc"} & set(low(d, "Modality"))),
    ("modality = mg or modality = dx or modality = CR", lambda d: bool({"mg", "dx", "cr"} & set(low(d, "Modality")))),
    ('modality in (CT, MR) and manufacturer ~ "(?i)siemens|ge " and not rejected',
     lambda d: bool({"ct", "mr"} & set(low(d, "Modality"))) and rx("siemens|ge ", low(d, "Manufacturer")) and not rejection(d)),
    ("not modality exists", lambda d: not has(d, "Modality")),
    ("stationName exists", lambda d: has(d, "StationName")),
    ('stationName ~ "^[A-Z]+\\d"', lambda d: rx(r"^[A-Z]+\d", raw(d, "StationName"))),
    ("institutionName not exists and patientName exists", lambda d: not has(d, "InstitutionName") and has(d, "PatientName")),
    ('institutionName ~ "(?i)hospital|clinic"', lambda d: rx("hospital|clinic", raw(d, "InstitutionName"), re.I)),
    ("imageType = PRIMARY", lambda d: "primary" in low(d, "ImageType")),
    ("imageType = ORIGINAL and imageType = AXIAL", lambda d: {"original", "axial"} <= set(low(d, "ImageType"))),
    ("imageType in (LOCALIZER, DERIVED)", lambda d: bool({"localizer", "derived"} & set(low(d, "ImageType")))),
    ("rows >= 512 and columns >= 512", lambda d: any(n >= 512 for n in num(d, "Rows")) and any(n >= 512 for n in num(d, "Columns"))),
    ("rows between 100 and 300", lambda d: any(100 <= n <= 300 for n in num(d, "Rows"))),
    ("not rows exists", lambda d: not has(d, "Rows")),
    ("bitsAllocated = 8", lambda d: 8 in num(d, "BitsAllocated")),
    ("bitsStored in (10, 12, 14)", lambda d: bool({10, 12, 14} & set(num(d, "BitsStored")))),
    ("numberOfFrames > 1", lambda d: any(n > 1 for n in num(d, "NumberOfFrames"))),
    ("kvp > 100", lambda d: any(n > 100 for n in num(d, "KVP"))),
    ("kvp = 120.0 or sliceThickness <= 2.5", lambda d: 120 in num(d, "KVP") or any(n <= 2.5 for n in num(d, "SliceThickness"))),
    ("sliceThickness between 3 and 10", lambda d: any(3 <= n <= 10 for n in num(d, "SliceThickness"))),
    ("pixelSpacing < 0.5", lambda d: any(n < 0.5 for n in num(d, "PixelSpacing"))),
    ("instanceNumber <= 3", lambda d: any(n <= 3 for n in num(d, "InstanceNumber"))),
    ("seriesNumber in (1, 2, 3)", lambda d: bool({1, 2, 3} & set(num(d, "SeriesNumber")))),
    ("imagePositionPatient < -100", lambda d: any(n < -100 for n in num(d, "ImagePositionPatient"))),
    ("studyDate >= 2004-01-01", lambda d: any(x >= D(2004, 1, 1) for x in dates(d, "StudyDate"))),
    ("studyDate < 2000", lambda d: any(x < D(2000, 1, 1) for x in dates(d, "StudyDate"))),
    ("studyDate between 1997 and 2004-06", lambda d: any(D(1997, 1, 1) <= x <= D(2004, 6, 30) for x in dates(d, "StudyDate"))),
    ("studyTime >= 08 and studyTime < 12:00",
     lambda d: any(x >= 8 * 3600 for x in seconds(d, "StudyTime")) and any(x < 12 * 3600 for x in seconds(d, "StudyTime"))),
    ("studyAge < 3650 days", lambda d: any(x > TODAY - datetime.timedelta(3650) for x in study(d))),
    ("studyAge > 20 years", lambda d: any(x < D(2006, 11, 22) for x in study(d))),
    ("patientSex = F", lambda d: "f" in low(d, "PatientSex")),
    ("patientAge < 40 years", lambda d: any(a < 40 * 365.25 for a in years(d))),
    ("patientAge >= 60Y or patientAge between 1 month and 1 year",
     lambda d: any(a >= 60 * 365.25 or 365.25 / 12 <= a <= 365.25 for a in years(d))),
    ('patientName ~ "\\^"', lambda d: rx(r"\^", names(d, "PatientName"))),
    ('patientName = "山田^太郎" or patientName = "yamada^tarou"',
     lambda d: bool({"山田^太郎", "yamada^tarou"} & {n.lower() for n in names(d, "PatientName")})),
    ('patientID ~ "^\\d+$"', lambda d: rx(r"^\d+$", raw(d, "PatientID"))),
    ("patientBirthDate < 1960", lambda d: any(x < D(1960, 1, 1) for x in dates(d, "PatientBirthDate"))),
    ("sopClassUID = 1.2.840.10008.5.1.4.1.1.7", lambda d: "1.2.840.10008.5.1.4.1.1.7" in raw(d, "SOPClassUID")),
    ('sopClassUID ~ "^1\\.2\\.840\\.10008\\.5\\.1\\.4\\.1\\.1\\.88\\."',
     lambda d: rx(r"^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.", raw(d, "SOPClassUID"))),
    ("photometricInterpretation in (RGB, YBR_FULL, YBR_FULL_422)",
     lambda d: bool({"rgb", "ybr_full", "ybr_full_422"} & set(low(d, "PhotometricInterpretation")))),
    ('bodyPartExamined = CHEST or studyDescription ~ "(?i)chest|thorax"',
     lambda d: "chest" in low(d, "BodyPartExamined") or rx("chest|thorax", raw(d, "StudyDescription"), re.I)),
    ("referencedSeriesSequence exists", lambda d: bool(seq(d, "ReferencedSeriesSequence"))),
    ("conceptNameCodeSequence.codingSchemeDesignator = DCM",
     lambda d: any("dcm" in low(i, "CodingSchemeDesignator") for i in seq(d, "ConceptNameCodeSequence"))),
    ("requestAttributesSequence.scheduledProcedureStepID exists or stat",
     lambda d: any(has(i, "ScheduledProcedureStepID") for i in seq(d, "RequestAttributesSequence")) or urgent(d)),
    ("(0008,0070) between A and H and not (modality in (US, XA) or lossyImageCompression = 01)",
     lambda d: any("a" <= m <= "h" for m in low(d, "Manufacturer"))
     and not ({"us", "xa"} & set(low(d, "Modality")) or "01" in low(d, "LossyImageCompression"))),
    ("accessionNumber exists and (seriesDescription exists or protocolName exists) and not (rejected or stat)",
     lambda d: has(d, "AccessionNumber") and (has(d, "SeriesDescription") or has(d, "ProtocolName")) and not (rejection(d) or urgent(d))),
]


def digits(ds):
    return "".join("1" if rule(ds) else "0" for _, rule in RULES)


def shared(folder):
    for path in sorted(p for part in ("dicom", "series") for p in (folder / part).rglob("*") if p.is_file()):
        try:
            ds = pydicom.dcmread(path, stop_before_pixels=True)
            if "SOPInstanceUID" not in ds or path.relative_to(folder).as_posix() in REFUSED:
                continue
            yield path.relative_to(folder).as_posix(), digits(ds)
        except Exception as e:
            print("left out:", path, type(e).__name__, file=sys.stderr)


def made():
    """Objects with every attribute that a rule asks for, now and then absent or empty. Always the same ones."""
    dice = random.Random(20261122)
    some = dice.choice
    for number in range(60):
        ds = Dataset()
        ds.SpecificCharacterSet = "ISO_IR 192"
        ds.SOPClassUID = some(["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.88.59", "1.2.840.10008.5.1.4.1.1.88.22"])
        ds.SOPInstanceUID = f"1.2.3.{number + 1}"
        choices = {
            "Modality": ["CT", "MR", "US", "ct", "MG", "DX", "CR", "SR", "KO", "XA", ""],
            "Manufacturer": ["SIEMENS", "GE MEDICAL SYSTEMS", "Philips", "ACME", "H", "h2", ""],
            "StationName": ["ER1", "er1", "CT 7", "AB", ""],
            "InstitutionName": ["St. Mary's HOSPITAL", "Clinic 2", "Praxis", ""],
            "ImageType": [["ORIGINAL", "PRIMARY", "AXIAL"], ["DERIVED", "SECONDARY"], ["ORIGINAL", "PRIMARY", "LOCALIZER"], ["original", "", "axial"]],
            "Rows": [64, 99, 100, 256, 300, 301, 512, 1024],
            "Columns": [64, 511, 512, 513],
            "BitsAllocated": [8, 16],
            "BitsStored": [8, 10, 11, 12, 14],
            "NumberOfFrames": ["1", "2", "300"],
            "KVP": ["100", "100.1", "120", "1.2E2", "80"],
            "SliceThickness": ["2.5", "2.50001", "3", "10", "10.5"],
            "PixelSpacing": [["0.49", "0.6"], ["0.5", "0.5"], ["1", "1"]],
            "InstanceNumber": ["1", "3", "4", "-1"],
            "SeriesNumber": ["1", "2", "10", "31"],
            "ImagePositionPatient": [["-100", "0", "0"], ["0", "0", "-100.5"], ["1", "2", "3"]],
            "StudyDate": ["19961231", "19970101", "20000101", "20031231", "20040101", "20040630", "20040701", "20061121", "20061122",
                          "20061123", "20161124", "20161125", "20161126", "20261122", ""],
            "StudyTime": ["075959", "080000", "08", "1159", "115959.9", "120000", ""],
            "PatientSex": ["F", "M", "O", ""],
            "PatientAge": ["039Y", "040Y", "060Y", "059Y", "001M", "012M", "003W", "365D", "366D"],
            "PatientName": ["Yamada^Tarou=山田^太郎=やまだ^たろう", "YAMADA^TAROU", "Doe", "Doe^Jane^^", "山田^太郎", ""],
            "PatientID": ["123", "P1", "0 1", ""],
            "PatientBirthDate": ["19591231", "19600101", ""],
            "PhotometricInterpretation": ["RGB", "YBR_FULL_422", "MONOCHROME2"],
            "BodyPartExamined": ["CHEST", "HEAD", ""],
            "StudyDescription": ["Thorax p.a.", "CHEST", "Schädel", ""],
            "LossyImageCompression": ["00", "01"],
            "AccessionNumber": ["A1", ""],
            "SeriesDescription": ["s", ""],
            "ProtocolName": ["p", ""],
        }
        for keyword, values in choices.items():
            if dice.random() < 0.85:
                value = some(values)
                setattr(ds, keyword, value)
        if dice.random() < 0.5:
            item = Dataset()
            item.CodeValue = some(["113001", "113039", "113000", "121181"])
            item.CodingSchemeDesignator = some(["DCM", "99X"])
            ds.ConceptNameCodeSequence = [item]
        if dice.random() < 0.5:
            items = []
            for step in range(some([0, 1, 2])):
                item = Dataset()
                if dice.random() < 0.5:
                    item.ScheduledProcedureStepID = some(["S1", ""])
                if dice.random() < 0.3:
                    item.RequestedProcedurePriority = some(["STAT", "ROUTINE"])
                items.append(item)
            ds.RequestAttributesSequence = items
        if dice.random() < 0.4:
            ds.ReferencedSeriesSequence = [Dataset()] if dice.random() < 0.7 else []
        yield json.dumps(json.loads(ds.to_json()), ensure_ascii=False, sort_keys=True), digits(ds)


def write(path, rows):
    lines = ["# Made by tools/rule-oracle.py; do not edit."] + ["\t".join(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(path, len(lines) - 1)


def main():
    data, target = Path(sys.argv[1]), Path(sys.argv[2])
    assert len(RULES) == 50, len(RULES)
    target.mkdir(parents=True, exist_ok=True)
    write(target / "rules.tsv", [[text] for text, _ in RULES])
    write(target / "shared.tsv", list(shared(data)))
    write(target / "made.tsv", list(made()))


if __name__ == "__main__":
    main()
