"""README.md tells what the commands really say."""

from tests.readme import README, rerun


def test_every_console_block_says_what_its_commands_say() -> None:
    """`make derived` writes the blocks again."""
    told = README.read_text(encoding="utf-8")
    assert told.count("\n$ ") >= 9
    assert rerun() == told
