from qa_audit.widgets.tables import html_table


def test_text_is_escaped_and_numbers_stand_flush_right():
    html = html_table(["员工", "通话"], [["<王>", 8]], right=[1])
    assert (
        '<tr><th>员工</th><th class="qa-right">通话</th></tr>'
        '<tr><td>&lt;王&gt;</td><td class="qa-right">8</td></tr></table>'
    ) in html
