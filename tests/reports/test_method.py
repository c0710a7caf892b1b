from dataclasses import replace

from qa_audit.reports.method import made_by
from tests.reports.conftest import context


def test_the_head_of_the_chain_stands_on_the_sheet():
    head = "12-" + "ab" * 32
    assert ("导出时的证据链链头", head) in made_by(replace(context(), chain_head=head))
    assert "导出时的证据链链头" not in dict(made_by(context()))
