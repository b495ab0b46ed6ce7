"""Misprints of published tables."""

from procurement.savings.rules.published_table import (
    TableRules,
    check_percentage,
    check_sum,
    check_table,
)

RULES = TableRules(
    "县区",
    summed=("机构数", "职工", "居民", "合计金额"),
    percentages={"完成率": ("采购量", "约定量")},
    products={"留用": ("基数", "比例")},
    parts={"合计金额": ("职工", "居民")},
)


def row(**cells):
    blank = dict.fromkeys(
        ("县区", "机构数", "职工", "居民", "合计金额", "采购量", "约定量", "完成率",
         "基数", "比例", "留用"), "",
    )  # fmt: skip
    return blank | cells


SOUND = [
    row(县区="甲", 机构数="15", 职工="2.89", 居民="13.2", 合计金额="16.09",
        采购量="674", 约定量="468", 完成率="144", 基数="54402.62592", 比例="0.5",
        留用="27201.31296"),
    row(县区="乙", 机构数="3", 职工="1.00", 居民="2.00", 合计金额="3.00"),
    row(县区="合计", 机构数="18", 职工="3.89", 居民="15.20", 合计金额="19.09"),
]  # fmt: skip


def test_a_sound_table_has_no_misprint():
    assert check_table(SOUND, RULES) == ()


def test_each_number_that_does_not_follow_is_found_by_its_place():
    rows = [dict(one) for one in SOUND]
    rows[0] |= {"完成率": "145", "留用": "27201.31297"}
    rows[1] |= {"居民": "2.10"}
    found = {one.where: (str(one.computed), one.rule) for one in check_table(rows, RULES)}
    assert found == {
        "合计, 居民": ("15.30", "sum"),
        "甲, 完成率": ("144", "percentage"),
        "甲, 留用": ("27201.31296", "product"),
        "乙, 合计金额": ("3.10", "sum"),
    }


def test_one_of_four_is_not_a_third():
    (misprint,) = check_percentage("占比", "1", "4", "33.33%")
    assert (str(misprint.printed), str(misprint.computed)) == ("33.33", "25.00")


def test_amounts_by_batch_and_year_add_to_the_published_total():
    parts = ["631917", "510972", "7428410", "3472186", "2039843"]
    assert check_sum("合计", parts, "14083328") == ()
    assert str(check_sum("合计", parts, "14083382")[0].computed) == "14083328"
