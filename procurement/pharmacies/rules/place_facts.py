"""What may be said of a place: codes, points, counties; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from procurement.accounts.divisions import is_division, province_of
from procurement.errors import FieldFault
from procurement.pharmacies.rules.distance import great_circle_km, is_in_china, looks_swapped
from procurement.pharmacies.rules.opening_hours import Week, hours_json, parse_opening_hours

_CODE = re.compile(r"[HP][0-9]{11}")
_DEGREES = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,15})?")
KINDS: Mapping[str, str] = {"H": "hospital", "P": "pharmacy"}
"""What the first letter of an institution's code stands for."""

TEXT_LENGTHS: Mapping[str, int] = {
    "name": 200,
    "chain": 200,
    "address": 300,
    "phone": 60,
    "route_zh": 500,
    "route_en": 500,
}
"""Longest text of each field."""

OWN_FIELDS = ("phone", "opening_hours", "route_zh", "route_en", "is_barrier_free")
"""What whoever keeps a place may change; the rest is for those who keep the list of places."""

FIELDS = ("name", "chain", "county", "address", "latitude", "longitude", *OWN_FIELDS)
"""Everything that may change of a place; its code and its kind never do."""

_YES_NO: Mapping[str, bool | None] = {
    "": None,
    "1": True,
    "0": False,
    "yes": True,
    "no": False,
    "是": True,
    "否": False,
}


@dataclass(frozen=True, slots=True)
class CountyFacts:
    """What is known of a county.

    Attributes:
        name: Its name.
        latitude: Of the point that stands for it.
        longitude: Of the same.
        radius_km: Its places lie within; None where nobody said.
    """

    name: str
    latitude: float
    longitude: float
    radius_km: float | None = None


Counties = Mapping[str, CountyFacts]
"""By division code; empty where no list of counties was imported."""


def kind_of_code(code: str) -> str | None:
    """Tell what an institution is by its code, or None for what is no such code.

    Examples:
        >>> kind_of_code("P34010200123"), kind_of_code("H3401020012"), kind_of_code("X34010200123")
        ('pharmacy', None, None)
    """
    return KINDS[code[0]] if _CODE.fullmatch(code) else None


def code_faults(code: str, *, county: str) -> list[FieldFault]:
    """Return what is wrong with an institution's code.

    Args:
        code: H or P, six digits of a division, five of a serial number.
        county: Where the place is said to lie. Codes outlive changes of counties, so that only
            the province must be the same.

    Examples:
        >>> code_faults("P34010200123", county="340103")
        []
        >>> [fault.en for fault in code_faults("P3401020012", county="340102")]
        ['Expected H (hospital) or P (pharmacy) and 11 digits, 12 characters in all.']
    """
    if kind_of_code(code) is None:
        zh = "须为 H（医疗机构）或 P（药店）加 11 位数字，共 12 位。"
        en = "Expected H (hospital) or P (pharmacy) and 11 digits, 12 characters in all."
        return [FieldFault("institution_code", zh, en)]
    if province_of(code[1:7]) != province_of(county):
        zh = f"代码中的地区 {code[1:7]} 与所在县区 {county} 不在同一省。"
        en = f"Its division {code[1:7]} lies in another province than the county {county}."
        return [FieldFault("institution_code", zh, en)]
    return []


def county_faults(county: str, counties: Counties) -> list[FieldFault]:
    """Return what is wrong with the county that a place names.

    Examples:
        >>> county_faults("340102", {}), county_faults("340000", {})[0].field
        ([], 'county')
    """
    if not is_division(county) or county.endswith("0000"):
        zh = "须为 6 位县区代码（不设县区的市填市代码）。"
        en = "Expected the 6 digits of a county, or of a city that has none."
        return [FieldFault("county", zh, en)]
    if counties and county not in counties:
        zh = f"县区名单中没有 {county}；请先导入该县区，或更正代码。"
        en = f"The list of counties has no {county}; import it first, or correct the code."
        return [FieldFault("county", zh, en)]
    return []


def degrees_of(text: str) -> float | None:
    """Read a decimal number of degrees or kilometres; None for what is none.

    Examples:
        >>> degrees_of("117.28"), degrees_of("117°17′")
        (117.28, None)
    """
    return float(text) if _DEGREES.fullmatch(text) else None


def point_faults(latitude: float, longitude: float) -> list[FieldFault]:
    """Return what is wrong with a point, by itself.

    Examples:
        >>> point_faults(31.86, 117.28)
        []
        >>> [fault.en for fault in point_faults(117.28, 31.86)]
        ['Latitude 117.28 and longitude 31.86 look swapped: China lies between 3 and 54 degrees \
north, 73 and 136 degrees east.']
    """
    if is_in_china(latitude, longitude):
        return []
    zh_box = "中国在北纬 3 至 54 度、东经 73 至 136 度之间。"
    en_box = "China lies between 3 and 54 degrees north, 73 and 136 degrees east."
    if looks_swapped(latitude, longitude):
        zh = f"纬度 {latitude:g} 与经度 {longitude:g} 似乎填反了：{zh_box}"
        en = f"Latitude {latitude:g} and longitude {longitude:g} look swapped: {en_box}"
        return [FieldFault("latitude", zh, en)]
    zh = f"（{latitude:g}，{longitude:g}）不在中国境内：{zh_box}"
    en = f"({latitude:g}, {longitude:g}) is not in China: {en_box}"
    return [FieldFault("latitude", zh, en)]


def distance_from_county(
    county: CountyFacts, *, latitude: float, longitude: float
) -> tuple[float, bool | None]:
    """Return how far a point lies from a county's, and whether that is within the county.

    Returns:
        Kilometres, and None in the second place where nobody said how large the county is.

    Examples:
        >>> county = CountyFacts("庐阳区", 31.88, 117.26, 25)
        >>> distance_from_county(county, latitude=32.88, longitude=117.26)[1]
        False
    """
    distance = great_circle_km(
        county.latitude, county.longitude, other_latitude=latitude, other_longitude=longitude
    )
    return distance, None if county.radius_km is None else distance <= county.radius_km


def outside_faults(
    code: str, counties: Counties, *, latitude: float, longitude: float
) -> list[FieldFault]:
    """Return whether a place lies outside of the county that it names.

    Nothing is said where the county's point or its radius is not known: see `place_warnings`.

    Examples:
        >>> known = {"340103": CountyFacts("庐阳区", 31.88, 117.26, 25)}
        >>> [fault.en for fault in outside_faults(
        ...     "340103", known, latitude=32.88, longitude=117.26)]
        ['The point lies 111 km from 庐阳区, whose places lie within 25 km: it is outside of its \
county.']
    """
    county = counties.get(code)
    if county is None:
        return []
    distance, is_within = distance_from_county(county, latitude=latitude, longitude=longitude)
    if is_within is not False:
        return []
    zh = (
        f"坐标距{county.name} {distance:.0f} 公里，而该县区的机构都在 {county.radius_km:g} 公里"
        "以内：不在所填县区。"
    )
    en = (
        f"The point lies {distance:.0f} km from {county.name}, whose places lie within "
        f"{county.radius_km:g} km: it is outside of its county."
    )
    return [FieldFault("latitude", zh, en)]


@dataclass(slots=True)
class PlaceReader:
    """Reads the texts of a place into values and notes all that is wrong.

    Attributes:
        texts: As typed, by field; a field that is missing is left as it is.
        counties: What is known of counties.
        present: The place's present values, for what the texts do not hold.
    """

    texts: Mapping[str, str]
    counties: Counties
    present: Mapping[str, object]

    def read(self) -> tuple[dict[str, object], list[FieldFault]]:
        """Return the new values by column, and the faults.

        Examples:
            >>> reader = PlaceReader({"phone": "0551-1", "opening_hours": "Mon 9:00-8:00"}, {}, {})
            >>> values, faults = reader.read()
            >>> values["phone"], [fault.field for fault in faults]
            ('0551-1', ['opening_hours'])
        """
        values: dict[str, object] = {}
        faults: list[FieldFault] = []
        for field, most in TEXT_LENGTHS.items():
            if field in self.texts:
                values[field] = self._text(field, most, faults)
        for read in (self._county, self._point, self._hours, self._barrier_free):
            read(values, faults)
        return values, faults

    def _text(self, field: str, most: int, faults: list[FieldFault]) -> str:
        text = " ".join(self.texts[field].split())
        if len(text) > most:
            faults.append(FieldFault(field, f"不得超过 {most} 字。", f"At most {most} characters."))
        if field == "name" and not text:
            faults.append(FieldFault(field, "请填写名称。", "Give the name."))
        return text

    def _county(self, values: dict[str, object], faults: list[FieldFault]) -> None:
        if "county" in self.texts:
            values["county"] = self.texts["county"]
            faults += county_faults(self.texts["county"], self.counties)

    def _point(self, values: dict[str, object], faults: list[FieldFault]) -> None:
        if "latitude" not in self.texts and "longitude" not in self.texts:
            self._moved(values, faults)
            return
        typed = [self.texts.get(field, "") for field in ("latitude", "longitude")]
        if typed == ["", ""]:
            values.update(latitude=None, longitude=None)
            return
        degrees = [
            self._degrees(field, text, faults)
            for field, text in zip(("latitude", "longitude"), typed, strict=True)
        ]
        latitude, longitude = degrees
        if latitude is None or longitude is None:
            return
        values.update(latitude=latitude, longitude=longitude)
        wrong = point_faults(latitude, longitude)
        faults += wrong or self._outside(values, latitude, longitude)

    def _moved(self, values: dict[str, object], faults: list[FieldFault]) -> None:
        """The point stays; the county that the place names may be another."""
        latitude, longitude = self.present.get("latitude"), self.present.get("longitude")
        if "county" in values and isinstance(latitude, float) and isinstance(longitude, float):
            faults += self._outside(values, latitude, longitude)

    def _outside(
        self, values: Mapping[str, object], latitude: float, longitude: float
    ) -> list[FieldFault]:
        county = str(values.get("county", self.present.get("county", "")))
        return outside_faults(county, self.counties, latitude=latitude, longitude=longitude)

    def _degrees(self, field: str, text: str, faults: list[FieldFault]) -> float | None:
        degrees = degrees_of(text)
        if degrees is None:
            zh = "须为十进制度数，如 31.8612；经纬度须同时填写。"
            en = "Expected decimal degrees such as 31.8612; both or neither are given."
            faults.append(FieldFault(field, zh, en))
        return degrees

    def _hours(self, values: dict[str, object], faults: list[FieldFault]) -> None:
        if "opening_hours" in self.texts:
            week: Week
            week, wrong = parse_opening_hours(self.texts["opening_hours"])
            values["opening_hours"] = hours_json(week)
            faults += wrong

    def _barrier_free(self, values: dict[str, object], faults: list[FieldFault]) -> None:
        text = self.texts.get("is_barrier_free")
        if text is None:
            return
        if text.lower() not in _YES_NO:
            zh, en = "须为“是”、“否”或留空。", "Expected yes, no, or nothing."
            faults.append(FieldFault("is_barrier_free", zh, en))
        values["is_barrier_free"] = _YES_NO.get(text.lower())


def place_warnings(
    county: str, counties: Counties, *, latitude: float | None, longitude: float | None
) -> tuple[tuple[str, str], ...]:
    """Say what could not be checked about where a place lies, in Chinese and English.

    Examples:
        >>> [en for _, en in place_warnings("340103", {}, latitude=31.9, longitude=117.3)]
        ['No point of the county 340103 is known: whether the place lies in it was not checked.']
    """
    if latitude is None or longitude is None:
        return (("没有坐标，地图和距离计算不包括该机构。", "No point: it is on no map."),)
    known = counties.get(county)
    if known is None:
        zh = f"没有县区 {county} 的坐标，未核对该机构是否在县内。"
        en = (
            f"No point of the county {county} is known: whether the place lies in it was not "
            "checked."
        )
        return ((zh, en),)
    distance, is_within = distance_from_county(known, latitude=latitude, longitude=longitude)
    if is_within is None:
        zh = f"距{known.name}坐标 {distance:.1f} 公里；县域半径未知，请人工核对。"
        en = (
            f"{distance:.1f} km from the point of {known.name}, whose radius is not known: check "
            "it by hand."
        )
        return ((zh, en),)
    return ()
