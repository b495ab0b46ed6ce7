"""What hospitals do: report by grid or by Excel, split, hand in, correct."""

from pathlib import Path

from openpyxl import load_workbook

from tests.journeys.people import Somebody

LETTER = b"%PDF-1.4\n%stamped commitment letter\n"


def start(hospital: Somebody, round_name: str) -> str:
    """Begin a report; returns its address."""
    hospital.go(f"/rounds/{round_name}/volumes")
    hospital.photograph("report-start")
    hospital.press("开始填报")
    hospital.page.wait_for_url("**/grid")
    return "/" + hospital.page.url.split("/", 3)[3].removesuffix("/grid")


def fill_grid(hospital: Somebody, report: str, *demands: str) -> None:
    """Type the demands into the grid, in its order."""
    hospital.go(f"{report}/grid")
    for field, demand in zip(hospital.page.locator("main [data-of]").all(), demands, strict=False):
        field.fill(demand)
    hospital.photograph("report-grid")
    hospital.press("保存并核对")


def upload_form(hospital: Somebody, report: str, folder: Path, *demands: object) -> None:
    """Download the Excel form, fill its column of demands and upload it."""
    hospital.go(f"{report}/upload")
    with hospital.page.expect_download() as download:
        hospital.page.get_by_role("link", name="按通用名填报的表格").click()
    file = folder / "form.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    sheet = book.worksheets[0]
    heading, column = _demand_column(sheet)
    for row, demand in enumerate(demands, start=heading + 1):
        sheet.cell(row, column).value = demand
    book.save(file)
    hospital.page.set_input_files("main [name=file]", file)
    hospital.press("上传")


def hand_in(hospital: Somebody, report: str, folder: Path) -> None:
    """Upload the stamped letter, read the answers over and submit."""
    hospital.go(f"{report}/check")
    letter = folder / "letter.pdf"
    letter.write_bytes(LETTER)
    hospital.page.set_input_files("main [name=commitment]", letter)
    hospital.press("上传")
    hospital.go(f"{report}/check")
    hospital.photograph("report-check")
    hospital.page.locator("main [name=promised]").check()
    hospital.press("提交报量")
    hospital.page.wait_for_url("**/submitted")
    hospital.photograph("report-submitted")


def _demand_column(sheet):
    for row in sheet.iter_rows(max_row=30):
        for cell in row:
            if str(cell.value or "").startswith("需求量"):
                return cell.row, cell.column
    raise AssertionError("the form has no column of demands")
