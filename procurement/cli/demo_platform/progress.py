"""A bar on the terminal that tells how far the set-up is; none where nobody watches."""

from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 30

_ACTS: tuple[tuple[int, str, str], ...] = (
    (16, "登记机构和人员", "registering organisations and people"),
    (3, "绑定签名密钥", "binding signing keys"),
    (1, "导入药品目录和历史采购量", "importing catalogue and past purchases"),
    (6, "起草、报量", "drafting, volumes"),
    (9, "征求意见、演练、发布", "comments, rehearsal, publication"),
    (4, "审核材料、密封申报", "papers, sealed bids"),
    (20, "另外两个演示批次", "two more rounds, at earlier stages"),
    (17, "截止、共同开启", "closing, opening by a quorum"),
    (14, "评审、公示", "evaluation, notice"),
    (1, "确定中选结果", "fixing the award"),
    (8, "选区", "choosing regions"),
    (1, "配送、协议、签署", "distributors, agreements, signatures"),
    (1, "采购订单", "orders"),
    (1, "双通道名单、药店、库存", "drug list, pharmacies, stock"),
)
"""What the set-up does, in order: about how many hundredths of its time, and what it is called."""


@dataclass
class Progress:
    """Counts acts, and draws a bar.

    Attributes:
        stream: A terminal, or None where nothing is drawn.
        is_chinese: In which language acts are named.

    Examples:
        >>> import io
        >>> terminal = io.StringIO()
        >>> progress = Progress(terminal, is_chinese=False)
        >>> progress.next_act()
        >>> progress.part(1, 2)
        >>> progress.end()
        >>> _, first, half, _ = terminal.getvalue().split(chr(13))
        >>> half.partition(chr(27))[0]
        '[##----------------------------]   7 % registering organisations and people'
    """

    stream: TextIO | None = None
    is_chinese: bool = True
    _act: int = field(default=-1, init=False)
    _line: str = field(default="", init=False)

    def next_act(self) -> None:
        """Tell that the next act begins."""
        self._act = min(self._act + 1, len(_ACTS) - 1)
        self.part(0, 1)

    def part(self, done: int, total: int) -> None:
        """Tell how far the present act is.

        Args:
            done: Parts of it that are done.
            total: All its parts, above zero.
        """
        if self.stream is None or self._act < 0:
            return
        weights = [weight for weight, _zh, _en in _ACTS]
        behind = sum(weights[: self._act]) + weights[self._act] * done // total
        percent = 100 * behind // sum(weights)
        filled = WIDTH * percent // 100
        _weight, zh, en = _ACTS[self._act]
        bar = f"[{'#' * filled}{'-' * (WIDTH - filled)}] {percent:3} %"
        line = f"\r{bar} {zh if self.is_chinese else en}\x1b[K"
        if line != self._line:
            self.stream.write(line)
            self.stream.flush()
            self._line = line

    def end(self) -> None:
        """Take the bar away."""
        if self.stream is not None:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
