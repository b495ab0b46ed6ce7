"""Administrative divisions of China: provinces by name, cities and counties by the form of codes.

Codes follow GB/T 2260: two digits each for province, city and county. That standard has no code
for the Xinjiang Production and Construction Corps, which takes part in rounds on its own; 66 is
what statistics use for it.
"""

import re
from collections.abc import Mapping

from procurement.permissions import Level

NATION = "000000"

PROVINCES: Mapping[str, tuple[str, str]] = {
    "110000": ("北京", "Beijing"),
    "120000": ("天津", "Tianjin"),
    "130000": ("河北", "Hebei"),
    "140000": ("山西", "Shanxi"),
    "150000": ("内蒙古", "Inner Mongolia"),
    "210000": ("辽宁", "Liaoning"),
    "220000": ("吉林", "Jilin"),
    "230000": ("黑龙江", "Heilongjiang"),
    "310000": ("上海", "Shanghai"),
    "320000": ("江苏", "Jiangsu"),
    "330000": ("浙江", "Zhejiang"),
    "340000": ("安徽", "Anhui"),
    "350000": ("福建", "Fujian"),
    "360000": ("江西", "Jiangxi"),
    "370000": ("山东", "Shandong"),
    "410000": ("河南", "Henan"),
    "420000": ("湖北", "Hubei"),
    "430000": ("湖南", "Hunan"),
    "440000": ("广东", "Guangdong"),
    "450000": ("广西", "Guangxi"),
    "460000": ("海南", "Hainan"),
    "500000": ("重庆", "Chongqing"),
    "510000": ("四川", "Sichuan"),
    "520000": ("贵州", "Guizhou"),
    "530000": ("云南", "Yunnan"),
    "540000": ("西藏", "Tibet"),
    "610000": ("陕西", "Shaanxi"),
    "620000": ("甘肃", "Gansu"),
    "630000": ("青海", "Qinghai"),
    "640000": ("宁夏", "Ningxia"),
    "650000": ("新疆", "Xinjiang"),
    "660000": ("新疆生产建设兵团", "Xinjiang Production and Construction Corps"),
}
"""The 31 provinces and the Corps: code to name in Chinese and in English."""

_FORM = re.compile(r"[0-9]{6}")


def is_division(code: str) -> bool:
    """Tell whether a text is the nation's code or one within a known province.

    Cities and counties are checked by form only: six digits, a known province, and no county
    without a city.

    Examples:
        >>> is_division("341523"), is_division("340000"), is_division("000000")
        (True, True, True)
        >>> is_division("990000"), is_division("340023"), is_division("3415")
        (False, False, False)
    """
    if code == NATION:
        return True
    has_form = _FORM.fullmatch(code) is not None and province_of(code) in PROVINCES
    return has_form and (code[2:4] != "00" or code[4:] == "00")


def province_of(code: str) -> str:
    """Return the code of the province that a division lies in.

    Examples:
        >>> province_of("341523")
        '340000'
    """
    return f"{code[:2]}0000"


def level_of(code: str) -> Level:
    """Return the level of a division.

    Examples:
        >>> [level_of(code).value for code in ("000000", "340000", "341500", "341523")]
        ['national', 'provincial', 'city', 'county']
    """
    if code == NATION:
        return Level.NATIONAL
    if code.endswith("0000"):
        return Level.PROVINCIAL
    return Level.CITY if code.endswith("00") else Level.COUNTY


def division_name(code: str) -> tuple[str, str]:
    """Return the name of a division in Chinese and English; below a province with its code.

    Examples:
        >>> division_name("340000"), division_name("341523")
        (('安徽', 'Anhui'), ('安徽 341523', 'Anhui 341523'))
        >>> division_name("000000")
        ('全国', 'nationwide')
    """
    if code == NATION:
        return ("全国", "nationwide")
    zh, en = PROVINCES.get(province_of(code), (code[:2], code[:2]))
    suffix = "" if code.endswith("0000") else f" {code}"
    return (f"{zh}{suffix}", f"{en}{suffix}")
